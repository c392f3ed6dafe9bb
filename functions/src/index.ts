// Kept tiny: loaders scan the whole entry module for its exports.
export {
  auth,
  backend,
  gateway,
  pushDaily,
  pushNotification,
  pushPremium,
  reconcilePremium,
  sessions,
} from './functions.js';
