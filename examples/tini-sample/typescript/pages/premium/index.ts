import { firebase } from '../../firebase';
import { OFFER } from '../../offer';
import { NOBODY, showPersonal, type Shown } from '../../personal';

const EMPTY = { title: '', body: '', why: '', isOffered: false };

async function readContent(): Promise<Partial<typeof EMPTY>> {
  // The claims may be an hour old: refresh them for a user who has just paid.
  if (!firebase.isPremium()) await firebase.getIdToken({ forceRefresh: true });
  if (!firebase.isPremium()) {
    return { why: 'Nội dung này dành cho tài khoản Premium.', isOffered: true };
  }
  // isPremium() only decides what is shown; security rules decide what is allowed.
  const page = await firebase.firestore().get('premiumContent/welcome');
  if (!page) return { why: 'Chưa có nội dung.' };
  const { title, body } = page.data;
  return {
    title: typeof title === 'string' ? title : '',
    body: typeof body === 'string' ? body : '',
  };
}

const DATA = { offer: OFFER, message: '', ...EMPTY, ...NOBODY };

interface Custom {
  content?: Shown;
  onOpenShop(): void;
  onReload(): Promise<void> | undefined;
}

Page<typeof DATA, Custom>({
  data: DATA,

  onLoad() {
    this.content = showPersonal(this, EMPTY, readContent);
  },

  /** The user is back from the shop, and premium now. */
  onShow() {
    if (this.data.isOffered && firebase.isPremium()) void this.content?.reload();
  },

  onUnload() {
    this.content?.stop();
  },

  onOpenShop() {
    my.navigateTo({ url: 'pages/shop/index' });
  },

  onReload() {
    return this.content?.reload();
  },
});
