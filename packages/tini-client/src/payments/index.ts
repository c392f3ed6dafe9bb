// The public API of 'tiki-firebase-client/payments'.
export { type Name, type Order, type OrderState, type Plan } from './order';
export { type BuyOptions, payments, type Payments } from './payments';
export { type BuyProgress } from './purchase';
