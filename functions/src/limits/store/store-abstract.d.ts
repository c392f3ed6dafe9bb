/** The package documents this class for custom stores, but exports only its subclasses. */
declare module 'rate-limiter-flexible/lib/RateLimiterStoreAbstract' {
  import type { RateLimiterStoreAbstract } from 'rate-limiter-flexible';

  const Base: typeof RateLimiterStoreAbstract;
  export default Base;
}
