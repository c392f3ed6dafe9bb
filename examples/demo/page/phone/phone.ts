import type { Language } from '../language';
import { failureFrom } from '../login/failure';
import type { Store } from '../state';
import type { PhoneNotification, PhoneState } from './screen';

export interface PhoneEffects {
  /** Stores the phone among the user's devices, as the user: security rules apply. */
  readonly register: (uid: string, language: Language) => Promise<void>;
  /** What FCM has delivered to the user's phone. */
  readonly received: (uid: string) => Promise<readonly PhoneNotification[]>;
}

export interface Phone {
  register(): void;
  /** For polling: does nothing while the last look is pending. */
  watch(): void;
}

export function createPhone(store: Store, { register, received }: PhoneEffects): Phone {
  let isLooking = false;

  const currentUser = () => {
    const { session } = store.state;
    return session.state === 'in' ? session.user : undefined;
  };

  async function registerNow(): Promise<void> {
    const user = currentUser();
    if (!user) return;
    const show = (change: Partial<PhoneState>) => {
      // Another login may have started.
      if (currentUser() !== user) return;
      store.update({ phone: { ...store.state.phone, ...change } });
    };
    show({ state: 'registering', failure: '' });
    try {
      await register(user.uid, store.state.language);
      show({ state: 'registered' });
    } catch (thrown) {
      const { code, detail } = failureFrom(thrown);
      show({ state: 'failed', failure: `${code}: ${detail}` });
    }
  }

  async function look(): Promise<void> {
    const user = currentUser();
    if (!user) return;
    const shown = await received(user.uid);
    if (currentUser() !== user || shown.length === store.state.phone.shown.length) return;
    store.update({ phone: { ...store.state.phone, shown } });
  }

  return {
    register() {
      if (store.state.phone.state !== 'registering') void registerNow();
    },
    watch() {
      if (isLooking) return;
      isLooking = true;
      // Whatever failed, the next look may succeed.
      look()
        .catch(() => undefined)
        .finally(() => (isLooking = false));
    },
  };
}
