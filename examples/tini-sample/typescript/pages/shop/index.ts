import type { BuyProgress, Order, OrderState, Plan } from 'tiki-firebase-client/payments';
import { messageOf } from '../../attempt';
import { formatDate } from '../../dates';
import { firebase } from '../../firebase';
import { formatVnd } from '../../money';
import { OFFER } from '../../offer';
import { NOBODY, showPersonal, type Shown } from '../../personal';

interface ShownPlan {
  id: string;
  name: string;
  price: string;
  perDay: string;
  isBest: boolean;
}

interface ShownOrder {
  reference: string;
  name: string;
  price: string;
  date: string;
  state: string;
}

interface Shop {
  plans: ShownPlan[];
  orders: ShownOrder[];
  premium: string;
  /** The plan that was tapped. */
  plan: string;
  isBuying: boolean;
  step: string;
  message: string;
}

const EMPTY: Shop = {
  plans: [],
  orders: [],
  premium: '',
  plan: '',
  isBuying: false,
  step: '',
  message: '',
};

const STEPS: Readonly<Record<BuyProgress['step'], string>> = {
  ordering: 'Đang tạo đơn hàng…',
  paying: 'Đang chờ bạn thanh toán…',
  confirming: 'Đang xác nhận thanh toán…',
  opening: 'Đang mở Premium…',
};

const STATES: Readonly<Partial<Record<OrderState, string>>> = {
  waiting: 'Chờ thanh toán',
  paid: 'Đã thanh toán',
  completed: 'Đã thanh toán',
  canceled: 'Đã huỷ',
};

/** The cheapest by the day gets a badge. */
function showPlans(plans: readonly Plan[]): ShownPlan[] {
  const cheapest = Math.min(...plans.map(({ priceVnd, days }) => priceVnd / days));
  return plans.map(({ id, name, priceVnd, days }) => ({
    id,
    name: name.vi,
    price: formatVnd(priceVnd),
    perDay: `${formatVnd(Math.round(priceVnd / days))} mỗi ngày`,
    isBest: plans.length > 1 && priceVnd / days === cheapest,
  }));
}

function showOrders(orders: readonly Order[]): ShownOrder[] {
  const shown: ShownOrder[] = [];
  for (const { reference, name, priceVnd, state, createdAt, refundedAt } of orders) {
    const text = STATES[state];
    if (!text) continue;
    shown.push({
      reference,
      name: name.vi,
      price: formatVnd(priceVnd),
      date: formatDate(new Date(Number(createdAt))),
      state: refundedAt ? 'Đã hoàn tiền' : text,
    });
  }
  return shown;
}

function showPremium(): string {
  const { claims } = firebase;
  return firebase.isPremium() && claims
    ? `Premium đến ${formatDate(new Date(Number(claims.premiumUntil)))}`
    : '';
}

async function readOrders(): Promise<Partial<Shop>> {
  const orders = await firebase.payments().orders();
  // Paid while nobody waited for it, such as cash on delivery: the token does not know it yet.
  const isPaid = Number(orders[0]?.premiumUntil) > Date.now();
  if (isPaid && !firebase.isPremium()) await firebase.getIdToken({ forceRefresh: true });
  return { orders: showOrders(orders), premium: showPremium() };
}

async function readShop(): Promise<Partial<Shop>> {
  const [plans, orders] = await Promise.all([firebase.payments().plans(), readOrders()]);
  return { plans: showPlans(plans), ...orders };
}

const DATA = { offer: OFFER, ...EMPTY, ...NOBODY };

interface TapOnPlan {
  readonly target: { readonly dataset: { readonly plan: string } };
}

interface Custom {
  shop?: Shown;
  onReload(): Promise<void> | undefined;
  onBuy(event: TapOnPlan): Promise<void>;
  buy(plan: string): Promise<void>;
}

Page<typeof DATA, Custom>({
  data: DATA,

  onLoad() {
    this.shop = showPersonal(this, EMPTY, readShop);
  },

  onUnload() {
    this.shop?.stop();
  },

  onReload() {
    return this.shop?.reload();
  },

  onBuy(event) {
    return this.buy(event.target.dataset.plan);
  },

  async buy(plan) {
    const { uid, isBuying } = this.data;
    if (isBuying) return;
    /** Another user may be there by then. */
    const show = (changes: Partial<Shop>) => {
      if (this.data.uid === uid) this.setData(changes);
    };
    show({ plan, isBuying: true, step: '', message: '' });
    try {
      await firebase.payments().buy(plan, {
        onProgress: ({ step }) => {
          show({ step: STEPS[step] });
        },
      });
      show({ message: 'Đã thanh toán. Cảm ơn bạn!' });
    } catch (error) {
      show({ message: messageOf(error) });
    }
    show({ isBuying: false });
    // Also after a failure: the order may be waiting, or be paid later.
    show(await readOrders().catch(() => ({})));
  },
});
