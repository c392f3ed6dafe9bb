import { PAYMENT_OUTCOMES } from '@tiki-bridge/tiki-simulator/payment';
import type { Order, Plan } from 'tiki-firebase-client/payments';
import { h } from '../dom';
import { isPaid, PATH, type BuyResult } from '../shop/state';
import type { Actions, State } from '../state';
import { amountInVnd, SHOP_TEXTS, type ShopTexts } from '../text/shop';

/** Plans to buy, Tiki's payment while it is open, and the orders with their states. */
export function shop(state: State, actions: Actions): HTMLElement {
  const { shop: seen, sheet, language } = state;
  const texts = SHOP_TEXTS[language];
  const { plans, orders, problem, buying, result } = seen;
  return h(
    'div',
    { class: 'shop', 'data-key': 'shop', 'aria-labelledby': 'shop-heading' },
    h('h3', { id: 'shop-heading' }, texts.heading),
    h('p', { class: 'hint' }, texts.lead),
    problem !== undefined && h('p', { class: 'nothing-yet' }, texts.unavailable(problem)),
    h('div', { class: 'shop-plans' }, ...plans.map((plan) => planCard(plan, state, actions))),
    h(
      'p',
      { class: 'shop-status', role: 'status', 'data-result': result?.kind ?? '' },
      buying ? stepText(state, texts) : result && resultText(result, seen.orders, texts),
    ),
    sheet !== undefined && paymentSheet(sheet, texts, actions),
    orders.length > 0 && h('h4', {}, texts.orders),
    h('ol', { class: 'shop-orders' }, ...orders.map((order) => orderLine(order, state, actions))),
  );
}

function stepText({ shop: { buying }, sheet }: State, texts: ShopTexts): string {
  if (!buying) return '';
  const isLeft = buying.step === 'paying' && sheet === undefined;
  return isLeft ? texts.left : texts.steps[buying.step];
}

function resultText(result: BuyResult, orders: readonly Order[], texts: ShopTexts): string {
  // No longer true once it is refunded.
  if (result.kind === 'bought') return orders.some(isPaid) ? texts.bought : '';
  const { code, message, outcome } = result;
  return `${texts.failed(code, message)} ${texts.outcomes[outcome] ?? ''}`;
}

function planCard(plan: Plan, { shop, language }: State, actions: Actions): HTMLElement {
  const texts = SHOP_TEXTS[language];
  const { id, name, priceVnd, days } = plan;
  return h(
    'article',
    { class: 'shop-plan', 'data-plan': id, 'data-key': id },
    h('p', { class: 'shop-name' }, name[language]),
    h('p', { class: 'shop-price' }, amountInVnd(priceVnd, language)),
    h('p', { class: 'hint' }, texts.days(days)),
    h(
      'button',
      {
        type: 'button',
        class: 'primary',
        'aria-disabled': String(shop.buying !== undefined),
        onclick: () => {
          actions.buy(id);
        },
      },
      `${texts.buy} ${name[language]}`,
    ),
  );
}

/** A part of Tiki's app, which lies over the Tini App. */
function paymentSheet(orderId: string, texts: ShopTexts, actions: Actions): HTMLElement {
  return h(
    'div',
    { class: 'shop-sheet', role: 'group', 'aria-label': texts.sheet, 'data-key': orderId },
    h('p', {}, texts.sheet, ' ', h('code', {}, orderId)),
    h(
      'div',
      { class: 'premium-bar' },
      ...PAYMENT_OUTCOMES.map((outcome) =>
        h(
          'button',
          {
            type: 'button',
            class: outcome === 'paid' ? 'primary' : 'secondary',
            'data-outcome': outcome,
            onclick: () => {
              actions.pressPayment(outcome);
            },
          },
          texts.presses[outcome],
        ),
      ),
    ),
  );
}

function orderLine(order: Order, { language }: State, actions: Actions): HTMLElement {
  const texts = SHOP_TEXTS[language];
  const { reference, orderId, name, priceVnd, state, refundedAt } = order;
  const canBeCanceled = orderId !== null && (state === 'waiting' || state === 'paid');
  return h(
    'li',
    { class: 'shop-order', 'data-key': reference, 'data-state': state },
    h('span', {}, `${name[language]}, ${amountInVnd(priceVnd, language)}`),
    h('span', { class: 'shop-path' }, ...path(order, texts)),
    refundedAt !== null && h('span', { class: 'shop-refunded' }, texts.refunded),
    canBeCanceled &&
      h(
        'button',
        {
          type: 'button',
          class: 'secondary',
          onclick: () => {
            actions.cancelOrder(orderId);
          },
        },
        texts.cancel,
      ),
  );
}

/** The states on the way, with the one that the order is in; or the one that ended it. */
function path({ state }: Order, texts: ShopTexts): readonly HTMLElement[] {
  const known = PATH.find((each) => each === state);
  const shown = known === undefined ? [state] : PATH;
  return shown.map((each) =>
    h(
      'span',
      {
        class: each === state ? 'is-current' : '',
        ...(each === state && { 'aria-current': 'step' }),
      },
      texts.states[each],
    ),
  );
}
