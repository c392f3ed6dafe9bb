/** The package declares this class for stores of one's own, but exports only its descendants. */
declare module 'rate-limiter-flexible/lib/RateLimiterStoreAbstract' {
  import type { RateLimiterStoreAbstract } from 'rate-limiter-flexible';

  const Base: typeof RateLimiterStoreAbstract;
  export default Base;
}
