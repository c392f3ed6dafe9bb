import fc from 'fast-check';
import type { PushWorld } from '../../emulator/push/world';

/**
 * Attack: clients write the worst that firestore.rules allow into the devices and settings of their
 * users: the same tokens in many places and for several users, tokens that are none, any text, any time.
 * Cases of push.emulator.test.ts.
 */

/** Users of one run: those whose tokens get mixed up. */
const USERS = 4;

// What the rules let through; Firestore stores no lone surrogates.
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const tokens = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  text,
  fc.constantFrom(' ', '\0', '..', '__proto__', 'constructor', 'SERVICE_DISABLED', '{"a":1}'),
  fc.constantFrom(...[512, 513, 750, 2_048, 4_096].map((length) => 'é'.repeat(length))),
);
const device = fc.record({
  id: fc.nat(9),
  token: tokens,
  platform: fc.constantFrom('android', 'ios', 'web'),
  language: fc.constantFrom('en', 'vi'),
  updatedAt: fc.date({
    min: new Date('0001-01-01'),
    max: new Date('9999-12-31'),
    noInvalidDate: true,
  }),
});
const user = fc.record({
  devices: fc.array(device, { maxLength: 12 }),
  settings: fc.option(
    fc.dictionary(
      fc.constantFrom('message', 'premium-opened', '_'),
      fc.constantFrom(true, false, 0, '', null),
    ),
    { nil: undefined },
  ),
});

/** Longer ones cannot be looked for, and are no tokens of FCM. */
const MAX_TOKEN_BYTES = 1_024;

/** @param numRuns A hundred have some 2,400 devices. */
export function worstDevices(world: PushWorld, numRuns: number): void {
  const { firestore, send, stored, fcm, uid } = world;
  let run = 0;
  it('gets each token its last owner’s notification, once, and always ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(user, { minLength: USERS, maxLength: USERS }), async (users) => {
        run += 1;
        const from = fcm().messages.length;
        const owners = users.map((_, index) => `${uid()}-${run}-${index}`);
        const owned = users.map(({ devices }) => new Map(devices.map((each) => [each.id, each])));
        const ownerOf = new Map<string, number>();
        // One after the other: the time of Firestore decides.
        for (const [index, owner] of owners.entries()) {
          const batch = firestore().batch();
          for (const [id, { token, platform, language, updatedAt }] of owned[index] ?? []) {
            ownerOf.set(token, index);
            const place = firestore().doc(`users/${owner}/devices/${id}`);
            batch.set(place, { token, platform, language, updatedAt });
          }
          const { settings } = users[index] ?? {};
          if (settings) batch.set(firestore().doc(`users/${owner}/settings/push`), { ...settings });
          batch.create(firestore().doc(`users/${owner}/notifications/n`), {
            title: 'a',
            body: 'b',
          });
          await batch.commit();
        }
        const isOff = (index = 0) => users[index]?.settings?.['message'] === false;

        await Promise.all(owners.map((owner) => send('n', owner)));
        // A repetition of all events sends nothing.
        await Promise.all(owners.map((owner) => send('n', owner)));

        const expected = [...ownerOf.keys()].filter(
          (token) =>
            Buffer.byteLength(token) <= MAX_TOKEN_BYTES &&
            !/\s/.test(token) &&
            !isOff(ownerOf.get(token)),
        );
        const sent = fcm()
          .messages.slice(from)
          .map(({ token }) => token);
        expect(sent.sort()).toEqual(expected.sort());
        for (const [index, owner] of owners.entries()) {
          const skipped = isOff(index) && { skipped: 'switched-off' };
          expect(await stored('n', owner)).toMatchObject({ sentAt: {}, ...skipped });
        }
        // Not to be found by the next run.
        const cleaning = firestore().batch();
        for (const [index, owner] of owners.entries()) {
          for (const id of owned[index]?.keys() ?? []) {
            cleaning.delete(firestore().doc(`users/${owner}/devices/${id}`));
          }
        }
        await cleaning.commit();
      }),
      { numRuns },
    );
  });
}
