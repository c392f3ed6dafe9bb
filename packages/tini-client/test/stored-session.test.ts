import {
  BINH,
  clientForTests,
  failureOf,
  gate,
  type Scene,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

/** A phone with encrypted storage. */
function encryptedScene(): Scene & { readonly encrypted: Map<string, string> } {
  const now = scene();
  const encrypted = new Map<string, string>();
  now.phone.encrypted = encrypted;
  return { ...now, encrypted };
}

/** A phone on which an earlier version of Tiki's app stored the session in plain text. */
async function afterPlainLogin() {
  const now = scene();
  await now.open().firebase.signIn();
  expect(stored(now.phone)).toContain('tiki:1001');
  const encrypted = new Map<string, string>();
  now.phone.encrypted = encrypted;
  return { ...now, encrypted };
}

it('stores tokens only in encrypted storage where the runtime has it', async () => {
  const { open, phone, encrypted } = encryptedScene();
  await open().firebase.signIn();
  expect([...encrypted.values()].join()).toContain('refresh tiki:1001');
  expect([...phone.storage.values()].join()).not.toContain('refresh');
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(phone.authCodes).toHaveLength(1);
});

it('moves a session from plain to encrypted storage, once', async () => {
  const { open, phone, encrypted } = await afterPlainLogin();
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect([...encrypted.values()].join()).toContain('refresh tiki:1001');
  expect([...phone.storage.values()].join()).not.toContain('refresh');
  phone.storage.clear();
  const again = open().firebase;
  await again.getIdToken();
  expect(again.currentUser?.uid).toBe('tiki:1001');
});

describe('while a plain session is being read', () => {
  /** The app is open, and plain storage answers once `answer` is called. */
  async function reading() {
    const now = await afterPlainLogin();
    const { open: answer, opened } = gate();
    now.phone.hold = (name) => name === 'getStorage' && opened;
    const { firebase } = now.open();
    await now.time.settle();
    return { ...now, firebase, answer };
  }

  it('a sign-out erases it for good', async () => {
    const { firebase, answer, time, open, phone, encrypted } = await reading();
    const signedOut = firebase.signOut();
    answer();
    await signedOut;
    await time.settle();
    expect([...phone.storage.values(), ...encrypted.values()].join()).not.toContain('refresh');
    expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
  });

  it("another customer's login replaces it", async () => {
    const { firebase, answer, time, open, phone, encrypted } = await reading();
    phone.customer = BINH;
    const signedIn = firebase.signIn();
    await time.settle();
    answer();
    await signedIn;
    await time.settle();
    expect([...encrypted.values()].join()).toContain('refresh tiki:1002');
    expect([...phone.storage.values(), ...encrypted.values()].join()).not.toContain('1001');
    const again = open().firebase;
    await again.getIdToken();
    expect(again.currentUser?.uid).toBe('tiki:1002');
  });
});

it('keeps the plain session when it cannot be moved, and a sign-out erases it', async () => {
  const { open, phone } = await afterPlainLogin();
  phone.storageFull = true;
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
  await firebase.signOut();
  expect([...phone.storage.values()].join()).not.toContain('refresh');
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('moves the session once there is space', async () => {
  const { open, phone, encrypted } = await afterPlainLogin();
  phone.storageFull = true;
  const { firebase } = open();
  await firebase.getIdToken();
  phone.storageFull = false;
  await firebase.signIn();
  expect([...encrypted.values()].join()).toContain('refresh tiki:1001');
  expect([...phone.storage.values()].join()).not.toContain('refresh');
});

it.each([
  ['plain', undefined],
  ['encrypted', new Map<string, string>()],
])('signs out when %s storage is full', async (_, encrypted) => {
  const { open, phone } = scene();
  phone.encrypted = encrypted;
  const { firebase } = open();
  await firebase.signIn();
  phone.storageFull = true;
  await firebase.signOut();
  expect([...phone.storage.values(), ...(encrypted?.values() ?? [])].join()).not.toContain(
    'refresh',
  );
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('reports a sign-out that left the session in full storage', async () => {
  const { open, phone } = encryptedScene();
  phone.missing.add('removeStorage');
  const { firebase } = open();
  await firebase.signIn();
  phone.storageFull = true;
  expect((await failureOf(firebase.signOut())).code).toBe('storage-failed');
});

it("erases another customer's encrypted session", async () => {
  const { open, phone, encrypted } = encryptedScene();
  await open().firebase.signIn();
  phone.customer = BINH;
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('user-changed');
  expect([...encrypted.values()].join()).not.toContain('refresh');
});

it('erases again what a slow encrypted save wrote after the sign-out', async () => {
  const { open, phone, time, encrypted } = encryptedScene();
  const { firebase } = open();
  await failureOf(firebase.getIdToken());
  const { open: release, opened } = gate();
  phone.slowWrites.push(opened);
  const signedIn = firebase.signIn();
  await time.advance(5_000);
  await signedIn;
  await firebase.signOut();
  release();
  await time.settle();
  expect([...encrypted.values()].join()).not.toContain('refresh');
});
