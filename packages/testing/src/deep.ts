/** Whether this is `npm run test:deep`, which sets the variable; `npm test` runs samples. */
const DEEP = process.env['TEST_DEEP'] === '1';

/**
 * How often a long property is tried: `sample` in `npm test`, `deep` in `npm run test:deep`. Files
 * that import this one are what the deep run consists of.
 */
export function runs(sample: number, deep: number): number {
  return DEEP ? deep : sample;
}
