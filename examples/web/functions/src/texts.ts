import type { Language } from './language';

export interface Texts {
  readonly site: string;
  readonly languages: string;
  readonly signIn: {
    readonly title: string;
    readonly lead: string;
    readonly signingIn: string;
    readonly failed: string;
    readonly customers: string;
    readonly noScript: string;
  };
  readonly profile: {
    readonly title: string;
    readonly greeting: (name: string) => string;
    readonly id: string;
    readonly premium: string;
    readonly premiumUntil: (time: string) => string;
    readonly notPremium: string;
    readonly unknown: string;
    readonly toPremium: string;
    readonly toReceipts: string;
    readonly signOut: string;
    readonly signOutEverywhere: string;
    readonly failed: string;
  };
  readonly notifications: {
    readonly title: string;
    readonly lead: string;
    readonly turnOn: string;
    readonly isOn: string;
    readonly turnOff: string;
    readonly denied: string;
    readonly failed: string;
  };
  readonly premium: {
    readonly title: string;
    readonly lead: string;
    readonly lesson: string;
    readonly recipe: string;
    readonly closed: string;
    readonly missing: string;
    readonly unavailable: string;
    readonly back: string;
  };
  readonly receipts: {
    readonly title: string;
    readonly lead: string;
    readonly none: string;
    readonly unavailable: string;
    readonly date: string;
    readonly what: string;
    readonly amount: string;
    readonly refunded: (day: string) => string;
    readonly back: string;
  };
  readonly notFound: { readonly title: string; readonly lead: string; readonly home: string };
  readonly broken: { readonly title: string; readonly lead: string };
}

const en: Texts = {
  site: 'Kitchen of Hà Nội',
  languages: 'Language',
  signIn: {
    title: 'Your cooking class, on the web too',
    lead: 'Open this site from our Tini App in Tiki: you are then signed in here as well.',
    signingIn: 'Signing you in…',
    failed: 'Signing in did not work. Please open this site from the Tini App again.',
    customers: 'Sign in as a customer of the Tiki simulator',
    noScript: 'Signing in needs JavaScript.',
  },
  profile: {
    title: 'Your account',
    greeting: (name) => `Hello, ${name}`,
    id: 'Account id',
    premium: 'Premium',
    premiumUntil: (time) => `until ${time}`,
    notPremium: 'Not premium',
    unknown: 'Cannot be read at the moment',
    toPremium: 'To the premium lessons',
    toReceipts: 'Receipts',
    signOut: 'Sign out',
    signOutEverywhere: 'Sign out on all devices',
    failed: 'Signing out did not work. Please try again.',
  },
  notifications: {
    title: 'Notifications',
    lead: 'We can tell you before your premium ends.',
    turnOn: 'Turn on notifications',
    isOn: 'Notifications are on in this browser.',
    turnOff: 'Turn off',
    denied: 'Notifications are blocked. You can allow them in the settings of your browser.',
    failed: 'That did not work. Please try again.',
  },
  premium: {
    title: 'Premium lessons',
    lead: 'For members with premium.',
    lesson: 'The first lesson',
    recipe: 'The family recipe',
    closed: 'Open to premium members. Premium is bought in the Tini App.',
    missing: 'Nothing here yet.',
    unavailable: 'This cannot be read at the moment. Please try again.',
    back: 'Your account',
  },
  receipts: {
    title: 'Receipts',
    lead: 'What you have paid for in the Tini App.',
    none: 'You have not bought anything yet.',
    unavailable: 'Receipts cannot be read at the moment. Please try again.',
    date: 'Date',
    what: 'Plan',
    amount: 'Amount',
    refunded: (day) => `refunded on ${day}`,
    back: 'Your account',
  },
  notFound: {
    title: 'Page not found',
    lead: 'There is no page at this address.',
    home: 'To the start page',
  },
  broken: {
    title: 'Please try again',
    lead: 'This page is not available at the moment.',
  },
};

const vi: Texts = {
  site: 'Bếp Hà Nội',
  languages: 'Ngôn ngữ',
  signIn: {
    title: 'Lớp nấu ăn của bạn, nay có trên web',
    lead: 'Mở trang này từ Tini App của chúng tôi trong Tiki: bạn sẽ được đăng nhập luôn tại đây.',
    signingIn: 'Đang đăng nhập…',
    failed: 'Không đăng nhập được. Vui lòng mở lại trang này từ Tini App.',
    customers: 'Đăng nhập bằng khách hàng của trình giả lập Tiki',
    noScript: 'Cần bật JavaScript để đăng nhập.',
  },
  profile: {
    title: 'Tài khoản của bạn',
    greeting: (name) => `Xin chào, ${name}`,
    id: 'Mã tài khoản',
    premium: 'Premium',
    premiumUntil: (time) => `đến ${time}`,
    notPremium: 'Chưa có premium',
    unknown: 'Hiện không đọc được',
    toPremium: 'Đến các bài học premium',
    toReceipts: 'Biên nhận',
    signOut: 'Đăng xuất',
    signOutEverywhere: 'Đăng xuất trên mọi thiết bị',
    failed: 'Không đăng xuất được. Vui lòng thử lại.',
  },
  notifications: {
    title: 'Thông báo',
    lead: 'Chúng tôi có thể báo cho bạn trước khi premium hết hạn.',
    turnOn: 'Bật thông báo',
    isOn: 'Thông báo đang bật trên trình duyệt này.',
    turnOff: 'Tắt',
    denied: 'Thông báo đang bị chặn. Bạn có thể cho phép trong phần cài đặt của trình duyệt.',
    failed: 'Không thực hiện được. Vui lòng thử lại.',
  },
  premium: {
    title: 'Bài học premium',
    lead: 'Dành cho thành viên premium.',
    lesson: 'Bài học đầu tiên',
    recipe: 'Công thức gia truyền',
    closed: 'Dành cho thành viên premium. Mua premium trong Tini App.',
    missing: 'Chưa có nội dung.',
    unavailable: 'Hiện không đọc được nội dung này. Vui lòng thử lại.',
    back: 'Tài khoản của bạn',
  },
  receipts: {
    title: 'Biên nhận',
    lead: 'Những gì bạn đã thanh toán trong Tini App.',
    none: 'Bạn chưa mua gì.',
    unavailable: 'Hiện không đọc được biên nhận. Vui lòng thử lại.',
    date: 'Ngày',
    what: 'Gói',
    amount: 'Số tiền',
    refunded: (day) => `đã hoàn tiền ngày ${day}`,
    back: 'Tài khoản của bạn',
  },
  notFound: {
    title: 'Không tìm thấy trang',
    lead: 'Không có trang nào ở địa chỉ này.',
    home: 'Về trang đầu',
  },
  broken: {
    title: 'Vui lòng thử lại',
    lead: 'Trang này hiện không truy cập được.',
  },
};

export const TEXTS: Readonly<Record<Language, Texts>> = { en, vi };
