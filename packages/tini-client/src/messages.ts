/** Messages for users, free of technical terms: in Vietnamese, in English, and the codes. */
export const MESSAGES = [
  [
    'Hãy đăng nhập lại.',
    'Log in again.',
    'not-signed-in user-changed user-unknown invalid-code invalid-token invalid-hand-over unauthenticated user-not-found token-expired invalid-refresh-token',
  ],
  ['Tài khoản bị khoá.', 'Account disabled.', 'user-disabled'],
  [
    'Dịch vụ bận. Hãy thử lại sau.',
    'Service busy. Try again later.',
    'tiki-unavailable signing-unavailable unavailable tiki-bad-response internal unknown cancelled aborted rate-limited resource-exhausted overloaded upstream-bad-response upstream-unavailable upstream-timeout',
  ],
  [
    'Lỗi kết nối. Hãy thử lại.',
    'Connection failed. Try again.',
    'network no-auth-code timeout tiki-timeout deadline-exceeded',
  ],
  ['Bạn chưa cho phép đăng nhập.', 'You declined the login.', 'user-refused'],
  ['Bạn chưa thanh toán.', 'You have not paid.', 'payment-canceled payment-unfinished'],
  ['Đơn hàng đang chờ thanh toán.', 'The order is waiting for its payment.', 'payment-pending'],
  [
    'Không tìm thấy hoặc không có quyền.',
    'Not found or not allowed.',
    'not-found forbidden permission-denied',
  ],
  [
    'Ứng dụng lỗi. Hãy báo nhà phát triển.',
    'App error. Tell its developer.',
    'scope-not-granted bad-response storage-failed invalid-request method-not-allowed payload-too-large unsupported-media-type misconfigured not-configured tiki-rejected-signature signing-denied api-key-refused invalid-custom-token credential-mismatch project-number-mismatch invalid-argument already-exists failed-precondition conflict out-of-range unimplemented data-loss',
  ],
] as const;

type Words<T extends string> = T extends `${infer First} ${infer Rest}` ? First | Words<Rest> : T;

/** All codes that have a message. */
export type MessageCode = Words<(typeof MESSAGES)[number][2]>;
