import type { PaymentOutcome } from '@tiki-bridge/tiki-simulator/payment';
import type { BuyProgress, OrderState } from 'tiki-firebase-client/payments';
import type { Language } from '../language';

export interface ShopTexts {
  readonly heading: string;
  readonly lead: string;
  readonly buy: string;
  readonly days: (days: number) => string;
  readonly unavailable: (code: string) => string;
  readonly steps: Readonly<Record<BuyProgress['step'], string>>;
  /** The customer left Tiki's payment, which has not called back. */
  readonly left: string;
  readonly bought: string;
  readonly failed: (code: string, message: string) => string;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly sheet: string;
  readonly presses: Readonly<Record<PaymentOutcome, string>>;
  readonly orders: string;
  readonly states: Readonly<Record<OrderState, string>>;
  readonly refunded: string;
  readonly cancel: string;
}

const english: ShopTexts = {
  heading: 'Buy premium',
  lead: 'With my.makePayment, as in Tiki’s app. The simulator plays Tiki: it takes the signed order, opens the payment below, and notifies the bridge, which reads the order again before it believes anything.',
  buy: 'Buy',
  days: (days) => `${days} days`,
  unavailable: (code) => `Nothing can be bought: ${code}`,
  steps: {
    ordering: 'The bridge creates the order at Tiki…',
    paying: 'Tiki’s payment is open…',
    confirming: 'Waiting for Tiki’s notification to the bridge…',
    opening: 'Refreshing the token…',
  },
  left: 'The customer is gone, and Tiki says nothing: the app goes on waiting. Reload the page, as if the app was closed; the next press is the same order.',
  bought: 'Paid. The token has premium, and the gates below open.',
  failed: (code, message) => `${code}: ${message}`,
  outcomes: {
    done: 'The purchase is done.',
    'not-done': 'The purchase is not done.',
    unknown: 'Whether it is paid is not known. Another press is the same purchase.',
  },
  sheet: 'Tiki’s payment, simulated',
  presses: {
    paid: 'Pay',
    canceled: 'Cancel the order',
    'walked-away': 'Walk away',
    'cash-on-delivery': 'Cash on delivery',
  },
  orders: 'Orders',
  states: {
    creating: 'creating',
    waiting: 'waiting for the payment',
    paid: 'paid',
    completed: 'completed',
    canceled: 'canceled',
    abandoned: 'abandoned',
  },
  refunded: 'refunded',
  cancel: 'Cancel at Tiki',
};

const vietnamese: ShopTexts = {
  heading: 'Mua premium',
  lead: 'Bằng my.makePayment, như trong ứng dụng Tiki. Trình giả lập đóng vai Tiki: nhận đơn hàng đã ký, mở màn hình thanh toán bên dưới và gửi thông báo cho cầu nối; cầu nối đọc lại đơn hàng rồi mới tin.',
  buy: 'Mua',
  days: (days) => `${days} ngày`,
  unavailable: (code) => `Chưa mua được: ${code}`,
  steps: {
    ordering: 'Cầu nối đang tạo đơn hàng ở Tiki…',
    paying: 'Màn hình thanh toán của Tiki đang mở…',
    confirming: 'Đang chờ Tiki gửi thông báo cho cầu nối…',
    opening: 'Đang làm mới mã thông báo…',
  },
  left: 'Khách đã bỏ đi và Tiki không báo gì: ứng dụng vẫn chờ. Hãy tải lại trang, như khi đóng ứng dụng; lần bấm sau vẫn là đơn hàng này.',
  bought: 'Đã thanh toán. Mã thông báo đã có premium, các cổng bên dưới mở ra.',
  failed: (code, message) => `${code}: ${message}`,
  outcomes: {
    done: 'Giao dịch đã hoàn tất.',
    'not-done': 'Giao dịch chưa được thực hiện.',
    unknown: 'Chưa biết đã thanh toán hay chưa. Bấm lại vẫn là cùng một lần mua.',
  },
  sheet: 'Màn hình thanh toán của Tiki (giả lập)',
  presses: {
    paid: 'Thanh toán',
    canceled: 'Huỷ đơn hàng',
    'walked-away': 'Bỏ đi',
    'cash-on-delivery': 'Trả tiền khi nhận hàng',
  },
  orders: 'Đơn hàng',
  states: {
    creating: 'đang tạo',
    waiting: 'chờ thanh toán',
    paid: 'đã thanh toán',
    completed: 'đã hoàn tất',
    canceled: 'đã huỷ',
    abandoned: 'không thành',
  },
  refunded: 'đã hoàn tiền',
  cancel: 'Huỷ ở Tiki',
};

export const SHOP_TEXTS: Readonly<Record<Language, ShopTexts>> = { vi: vietnamese, en: english };

/** 49.000 ₫, or ₫49,000. */
export function amountInVnd(vnd: number, language: Language): string {
  const locale = language === 'vi' ? 'vi-VN' : 'en-GB';
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'VND' }).format(vnd);
}
