import { configureGlobal } from 'fast-check';

/*
 * Property tests use new random inputs each run. With `PROPERTY_SEED` (CI), the inputs are fixed.
 * jest loads this before each test file.
 */
const seed = process.env['PROPERTY_SEED'];
if (seed !== undefined) configureGlobal({ seed: Number(seed) });
