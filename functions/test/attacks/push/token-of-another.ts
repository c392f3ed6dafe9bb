import type { PushWorld } from '../../emulator/push/world';

/**
 * Attack: the token of somebody's device is registered by somebody else: to read their notifications
 * there, or to end them. Clients write below `users/{uid}` of their own, whatever firestore.rules let them.
 * Cases of push.emulator.test.ts.
 */
export function tokenOfAnother(world: PushWorld): void {
  const { firestore, register, write, send, token, tokensSentTo, stored, uid } = world;
  const other = () => `${uid()}9`;
  const isRegistered = async (path: string) => (await firestore().doc(path).get()).exists;

  it('moves the device to who registered last, both ways', async () => {
    const registrations = [uid(), other(), uid()];
    const sent: number[] = [];
    for (const [index, owner] of registrations.entries()) {
      await register(3, { token: token(0) }, owner);
      for (const who of [uid(), other()]) {
        const before = tokensSentTo().length;
        await write(`n-${index}`, undefined, who);
        await send(`n-${index}`, who);
        sent.push(tokensSentTo().length - before);
        expect(await isRegistered(`users/${who}/devices/3`)).toBe(who === owner);
      }
    }
    expect(sent).toEqual([1, 0, 0, 1, 1, 0]);
  });

  it('is not moved by a time that a client has made up', async () => {
    await register(0, { updatedAt: new Date('9999-12-31T23:59:59Z') });
    await register(0, { updatedAt: new Date(0) }, other());
    for (const who of [uid(), other()]) {
      await write('n', undefined, who);
      await send('n', who);
      expect(await stored('n', who)).toMatchObject({ successes: who === uid() ? 0 : 1 });
    }
  });

  it('reaches one device once, however often its owner registers it', async () => {
    for (let index = 0; index < 10; index += 1) await register(index, { token: token(0) });
    await write('n');
    await send('n');
    expect(tokensSentTo()).toEqual([token(0)]);
  });

  it('is not taken from its owner by any number of documents that are no registrations', async () => {
    await register(0);
    // The former user of the browser, whose paths sort before, is allowed all of this by the rules.
    const batch = firestore().batch();
    for (let index = 0; index < 120; index += 1) {
      const path = `users/0-former/things/t/devices/${index}`;
      batch.set(firestore().doc(path), { token: token(0), platform: 'web', language: 'vi' });
    }
    await batch.commit();
    await register(0);
    await write('n');

    await send('n');

    expect(tokensSentTo()).toEqual([token(0)]);
    expect(await isRegistered(`users/${uid()}/devices/0`)).toBe(true);
  });
}
