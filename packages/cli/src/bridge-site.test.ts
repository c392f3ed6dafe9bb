import { AS_HERE } from '../../../functions/src/operator';
import { bridgeSiteId, findHosting } from './bridge-site';

const rewrites = [{ source: '/auth_exchange', function: { functionId: 'auth' } }];
const idIn = (hosting: unknown, rc: unknown = {}) => {
  const files: Readonly<Record<string, string>> = {
    'firebase.json': JSON.stringify({ hosting }),
    '.firebaserc': JSON.stringify(rc),
  };
  return bridgeSiteId((file) => files[file], AS_HERE, 'shop-1');
};

it('is the site that leads to the bridge, by its id or its target', () => {
  const targets = { 'shop-1': { hosting: { app: ['shop-app'], admin: ['shop-admin'] } } };

  expect(idIn({ public: 'public' })).toBe('shop-1');
  expect(idIn([{ site: 'shop-admin' }, { site: 'shop-app', rewrites }])).toBe('shop-app');
  expect(idIn([{ target: 'admin' }, { target: 'app', rewrites }], { targets })).toBe('shop-app');
  expect(idIn({ target: 'app' }, { targets })).toBe('shop-app');
  // Not applied yet, or to another project.
  expect(idIn({ target: 'app' })).toBe('shop-1');
});

it('is none where there is no Hosting, or several sites that lead elsewhere', () => {
  expect(findHosting(() => undefined, AS_HERE)).toEqual({ count: 0, bridge: [] });
  const json = JSON.stringify({ hosting: [{ target: 'a' }, { target: 'b' }] });
  expect(findHosting(() => json, AS_HERE)).toEqual({ count: 2, bridge: [] });
});
