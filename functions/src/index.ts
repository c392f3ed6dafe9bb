// A file of its own, small: whoever loads an entry searches all of it for what it exports.
export { auth, gateway, reconcilePremium } from './functions.js';
