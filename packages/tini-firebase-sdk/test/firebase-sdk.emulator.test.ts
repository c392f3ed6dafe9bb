import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import { sdkForTests } from '@tiki-bridge/testing/tini-runtime/firebase-sdk';
import { liveForTests, publishThree } from '@tiki-bridge/testing/tini-runtime/live';
import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import { AN, BINH, DOMAIN } from '@tiki-bridge/testing/tini-runtime/setup';

describeWithFirestore('the official SDK in the Tini runtime, over the gateway', () => {
  const live = liveForTests();
  const sdk = sdkForTests('firebase-auth-firestore.js');
  let phone: Phone;
  beforeAll(() => {
    phone = live.phone();
  });

  const run = (program: string, on = phone) =>
    sdk.open(on).run(`
      const db = sdk.getFirestore(app);
      const mine = (...path) => sdk.doc(db, 'users', auth.currentUser.uid, ...path);
      ${program}
    `);

  it('logs in, refreshes on demand, and is restored after a restart', async () => {
    expect(
      await run(`return (await sdk.getIdTokenResult(await login(), true)).claims;`),
    ).toMatchObject({ user_id: 'tiki:1001', provider: 'tiki', tikiCustomerId: '1001' });
    expect(await run('return (await restored).uid;')).toBe('tiki:1001');
  });

  it('writes and reads back every type of value', async () => {
    const value = await run(`
      await restored;
      const ref = mine('things', 'Mọi thứ: 100 @ một chỗ');
      const at = new sdk.Timestamp(1795305600, 123456000);
      const deep = [[1.5, true], { 'tên': ['a', { b: null }] }].map((inner) => ({ inner }));
      await sdk.setDoc(ref, {
        text: 'Xin chào, Nguyễn Văn An 👋', whole: 9007199254740991, real: -0.25, yes: true,
        nothing: null, at, bytes: sdk.Bytes.fromBase64String('AP+A/w=='),
        place: new sdk.GeoPoint(10.762622, 106.660172), reference: ref, deep,
        made: sdk.serverTimestamp(), count: sdk.increment(2),
      });
      const data = (await sdk.getDoc(ref)).data();
      return {
        ...data, at: data.at.isEqual(at), bytes: data.bytes.toBase64(),
        place: data.place.toJSON(), reference: data.reference.path,
        made: data.made.seconds > 1700000000,
      };
    `);
    expect(value).toMatchObject({
      text: 'Xin chào, Nguyễn Văn An 👋',
      whole: 9007199254740991,
      real: -0.25,
      yes: true,
      nothing: null,
      at: true,
      bytes: 'AP+A/w==',
      place: { latitude: 10.762622, longitude: 106.660172 },
      reference: 'users/tiki:1001/things/Mọi thứ: 100 @ một chỗ',
      deep: [{ inner: [1.5, true] }, { inner: { tên: ['a', { b: null }] } }],
      made: true,
      count: 2,
    });
  });

  it('writes in batches and in transactions', async () => {
    const value = await run(`
      await restored;
      const papers = sdk.collection(mine(), 'papers');
      const batch = sdk.writeBatch(db);
      ['a', 'b', 'c'].forEach((text, at) => batch.set(sdk.doc(papers, text), { text, at }));
      await batch.commit();
      await sdk.runTransaction(db, async (transaction) => {
        const ref = sdk.doc(papers, 'a');
        const { at } = (await transaction.get(ref)).data();
        transaction.update(ref, { at: at + 10 });
      });
      await sdk.deleteDoc(sdk.doc(papers, 'b'));
      const read = async (id) => (await sdk.getDoc(sdk.doc(papers, id))).data() || null;
      return [await read('a'), await read('b'), await read('c')];
    `);
    expect(value).toEqual([{ text: 'a', at: 10 }, null, { text: 'c', at: 2 }]);
  });

  it('queries and counts premium content', async () => {
    await live.setClaims(AN, { premiumAccount: true, premiumUntil: Date.now() + 3_600_000 });
    await publishThree(live, 'premiumContent/book/pages');
    const value = await run(`
      const user = await restored;
      await sdk.getIdToken(user, true);
      const pages = sdk.collection(db, 'premiumContent', 'book', 'pages');
      const found = await sdk.getDocs(
        sdk.query(pages, sdk.where('at', '>=', 2), sdk.orderBy('at', 'desc'), sdk.limit(5)),
      );
      return { ids: found.docs.map(({ id }) => id), count: (await sdk.getCount(pages)).data().count };
    `);
    expect(value).toEqual({ ids: ['ba', 'hai'], count: 3 });
  });

  it('reports a denial by the rules', async () => {
    expect(
      await run(`
        await restored;
        return await sdk.getDoc(sdk.doc(db, 'users', 'tiki:1002')).catch((error) => error.code);
      `),
    ).toBe('permission-denied');
  });

  it('is not restored for another Tiki user, who logs in as themselves', async () => {
    phone.customer = BINH;
    expect(await run('return [await restored, (await login()).uid];')).toEqual([null, 'tiki:1002']);
  });

  describe.each(Object.entries(BEHAVIOURS))('where my.request delivers %s', (_, behaviour) => {
    it('logs in, refreshes, continues after a restart, and uses Firestore', async () => {
      const own = live.phone(behaviour);
      expect(
        await run('return (await sdk.getIdTokenResult(await login(), true)).claims;', own),
      ).toMatchObject({
        user_id: 'tiki:1001',
      });
      const note = await run(
        `
          await restored;
          const ref = mine('notes', 'first');
          await sdk.setDoc(ref, { text: 'Chào buổi sáng' });
          await sdk.updateDoc(ref, { times: sdk.increment(1) });
          const data = (await sdk.getDoc(ref)).data();
          await sdk.deleteDoc(ref);
          return { ...data, left: (await sdk.getDoc(ref)).exists() };
        `,
        own,
      );
      expect(note).toMatchObject({ text: 'Chào buổi sáng', times: 1, left: false });
      expect(new Set(own.requests.map(({ url }) => new URL(url).origin))).toEqual(
        new Set([DOMAIN]),
      );
    });
  });

  it('has only sent requests to its own domain', () => {
    expect(new Set(phone.requests.map(({ url }) => new URL(url).origin))).toEqual(
      new Set([DOMAIN]),
    );
    expect(phone.requests.length).toBeGreaterThan(10);
  });
});
