// Kept tiny: loaders scan the whole entry module for its exports.
export {
  auth,
  backend,
  gateway,
  payments,
  paymentsDaily,
  pushDaily,
  pushNotification,
  pushPremium,
  reconcilePayments,
  reconcilePremium,
  sessions,
} from './functions.js';
