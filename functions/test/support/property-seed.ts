import { configureGlobal } from 'fast-check';

/*
 * Property tests use new random inputs in every run. `PROPERTY_SEED` makes them reproducible, for CI,
 * where the result must depend only on the change. jest loads this before each test file.
 */
const seed = process.env['PROPERTY_SEED'];
if (seed !== undefined) configureGlobal({ seed: Number(seed) });
