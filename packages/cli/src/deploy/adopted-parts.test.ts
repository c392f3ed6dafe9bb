import { installed, shop } from '../adopt/fakes';
import { adoptedParts } from './adopted-parts';

const parts = (files: Readonly<Record<string, string>>) => adoptedParts((file) => files[file]);

it('is what init has merged, and nothing that it left to the developer', () => {
  const all = ['functions', 'hosting', 'firestore', 'storage', 'database'];

  expect(parts(shop())).toBeUndefined();
  expect(parts(installed(shop()))).toEqual(all);
  expect(parts(installed(shop(), { skipped: ['hosting', 'storage'] }))).toEqual([
    ...['functions', 'firestore', 'database'],
  ]);
});
