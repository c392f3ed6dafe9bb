import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { Session } from '../src/auth/session';
import { after, type Events, type State } from '../src/auth/state';

/** The part of a session that the states depend on. */
const sessionOf = (id: string) =>
  ({ user: { uid: `tiki:${id}`, customer: { id, name: '' }, scopes: [] } }) as unknown as Session;
const AN = sessionOf('1001');
const BINH = sessionOf('1002');

const STATES: readonly State[] = [
  { is: 'loading' },
  { is: 'signed-out', why: 'not-signed-in' },
  { is: 'asking', session: AN },
  { is: 'asking', session: AN, login: BINH },
  { is: 'asking', login: AN, stands: true },
  { is: 'withheld', session: AN, why: 'user-unknown' },
  { is: 'confirmed', session: AN },
];

type Happening = { [E in keyof Events]: readonly [E, Events[E]] }[keyof Events];

const HAPPENINGS: readonly Happening[] = [
  ['loaded', { session: undefined }],
  ['loaded', { session: AN }],
  ['shown', {}],
  ['loggedIn', { session: BINH, stands: false }],
  ['loggedIn', { session: BINH, stands: true }],
  ['answered', { id: '' }],
  ['answered', { id: '1001' }],
  ['answered', { id: '1002' }],
  ['answered', { id: '1003' }],
  ['refreshed', { from: AN, session: sessionOf('1001') }],
  ['refreshed', { from: BINH, session: sessionOf('1002') }],
  ['rejected', { from: AN, why: 'user-disabled' }],
  ['rejected', { from: BINH, why: 'user-disabled' }],
  ['signedOut', {}],
];

const STEPS = STATES.flatMap((before) =>
  HAPPENINGS.map(([name, event]) => {
    // The pairs above match.
    const next = after(before, name, event);
    return { before, name, event, next };
  }),
);

it('is the table that the picture in the README shows', () => {
  const readme = readFileSync(path.join(PROJECT_ROOT, 'packages/tini-client/README.md'), 'utf8');
  const drawn = [...readme.matchAll(/^ {4}(\w+ --> \w+): (.*)$/gm)].map(
    ([, arrow = '', label = '']) => ({ arrow, label }),
  );
  const taken = STEPS.filter(({ before, next }) => before.is !== next.is).map(
    ({ before, name, next }) => ({
      arrow: `${before.is} --> ${next.is}`.replaceAll('signed-out', 'signed_out'),
      name,
    }),
  );
  const arrowsOf = (steps: readonly { readonly arrow: string }[]) =>
    [...new Set(steps.map(({ arrow }) => arrow))].sort();
  expect(arrowsOf(drawn)).toEqual(arrowsOf(taken));
  for (const arrow of arrowsOf(drawn)) {
    const labels = drawn.filter((one) => one.arrow === arrow).map(({ label }) => label);
    const named = labels.join().match(/loaded|loggedIn|shown|answered|signedOut|rejected/g) ?? [];
    const names = taken.filter((one) => one.arrow === arrow).map(({ name }) => name);
    expect([...new Set(named)].sort()).toEqual([...new Set<string>(names)].sort());
  }
});

it('exposes a session only for the customer that Tiki named, or for a login that stands', () => {
  const exposing = STEPS.filter(
    ({ before, next }) => next.is === 'confirmed' && before.is !== 'confirmed',
  );
  expect(exposing.length).toBeGreaterThan(0);
  for (const { before, name, event, next } of exposing) {
    expect(name).toBe('answered');
    const id = 'id' in event ? event.id : undefined;
    if (id) expect(next.session?.user.customer.id).toBe(id);
    else expect([before.stands, next.session]).toEqual([true, before.login]);
  }
});

it('has a session where one is kept, and a reason where none is exposed', () => {
  for (const { before, next } of STEPS) {
    if (next === before) continue;
    if (next.is === 'withheld' || next.is === 'confirmed') expect(next.session).toBeDefined();
    if (next.is === 'withheld' || next.is === 'signed-out') expect(next.why).toBeDefined();
    if (next.is === 'signed-out') expect(next.session).toBeUndefined();
    if (next.is === 'asking') expect(next.session ?? next.login).toBeDefined();
  }
});
