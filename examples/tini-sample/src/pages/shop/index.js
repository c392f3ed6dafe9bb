/* global Page */
import { messageOf } from '../../attempt';
import { formatDate } from '../../dates';
import { firebase } from '../../firebase';
import { formatVnd } from '../../money';
import { OFFER } from '../../offer';
import { NOBODY, showPersonal } from '../../personal';

const EMPTY = {
  plans: [],
  orders: [],
  premium: '',
  /** The plan that was tapped. */
  plan: '',
  isBuying: false,
  step: '',
  message: '',
};

const STEPS = {
  ordering: 'Đang tạo đơn hàng…',
  paying: 'Đang chờ bạn thanh toán…',
  confirming: 'Đang xác nhận thanh toán…',
  opening: 'Đang mở Premium…',
};

const STATES = {
  waiting: 'Chờ thanh toán',
  paid: 'Đã thanh toán',
  completed: 'Đã thanh toán',
  canceled: 'Đã huỷ',
};

/** The cheapest by the day gets a badge. */
function showPlans(plans) {
  const cheapest = Math.min(...plans.map(({ priceVnd, days }) => priceVnd / days));
  return plans.map(({ id, name, priceVnd, days }) => ({
    id,
    name: name.vi,
    price: formatVnd(priceVnd),
    perDay: `${formatVnd(Math.round(priceVnd / days))} mỗi ngày`,
    isBest: plans.length > 1 && priceVnd / days === cheapest,
  }));
}

function showOrders(orders) {
  return orders
    .filter(({ state }) => STATES[state])
    .map(({ reference, name, priceVnd, state, createdAt, refundedAt }) => ({
      reference,
      name: name.vi,
      price: formatVnd(priceVnd),
      date: formatDate(new Date(createdAt)),
      state: refundedAt ? 'Đã hoàn tiền' : STATES[state],
    }));
}

function showPremium() {
  const { claims } = firebase;
  return firebase.isPremium() && claims
    ? `Premium đến ${formatDate(new Date(Number(claims.premiumUntil)))}`
    : '';
}

async function readOrders() {
  const orders = await firebase.payments().orders();
  // Paid while nobody waited for it, such as cash on delivery: the token does not know it yet.
  const isPaid = orders.length > 0 && Number(orders[0].premiumUntil) > Date.now();
  if (isPaid && !firebase.isPremium()) await firebase.getIdToken({ forceRefresh: true });
  return { orders: showOrders(orders), premium: showPremium() };
}

async function readShop() {
  const [plans, orders] = await Promise.all([firebase.payments().plans(), readOrders()]);
  return Object.assign({ plans: showPlans(plans) }, orders);
}

Page({
  data: Object.assign({ offer: OFFER }, EMPTY, NOBODY),

  onLoad() {
    this.shop = showPersonal(this, EMPTY, readShop);
  },

  onUnload() {
    this.shop.stop();
  },

  onReload() {
    return this.shop.reload();
  },

  onBuy(event) {
    return this.buy(event.target.dataset.plan);
  },

  async buy(plan) {
    const { uid, isBuying } = this.data;
    if (isBuying) return;
    /** Another user may be there by then. */
    const show = (changes) => {
      if (this.data.uid === uid) this.setData(changes);
    };
    show({ plan, isBuying: true, step: '', message: '' });
    try {
      await firebase.payments().buy(plan, {
        onProgress: ({ step }) => show({ step: STEPS[step] }),
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
