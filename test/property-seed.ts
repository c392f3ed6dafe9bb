import { configureGlobal } from 'fast-check';

/*
 * Property tests ask new questions in every run. Where the verdict is to depend on the change alone,
 * as in CI, `PROPERTY_SEED` makes them ask the same ones. jest loads this before each test file.
 */
const seed = process.env['PROPERTY_SEED'];
if (seed !== undefined) configureGlobal({ seed: Number(seed) });
