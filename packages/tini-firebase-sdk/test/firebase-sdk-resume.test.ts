import { type OpenedSdk, sdkForTests } from '@tiki-bridge/testing/tini-runtime/firebase-sdk';
import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import { AN, BINH, gate, phoneWithServer } from '@tiki-bridge/testing/tini-runtime/setup';

const sdk = sdkForTests('firebase-auth.js');

/** Starts the mini program on a phone. */
async function open(phone: Phone): Promise<OpenedSdk> {
  // As in tini-types: without onAppShow, so that the app must call resume().
  const opened = sdk.open(phone, { onAppShow: undefined });
  await opened.run('await restored;');
  return opened;
}

/** Logs in with a custom token, which is the uid in this stand-in, as any user. */
const logIn = ({ run }: OpenedSdk, uid: string) =>
  run(`await sdk.signInWithCustomToken(auth, '${uid}');`);

async function loggedIn() {
  const { phone } = phoneWithServer(Date.now);
  const program = await open(phone);
  await logIn(program, 'tiki:1001');
  expect(program.uid()).toBe('tiki:1001');
  return { phone, program };
}

it('keeps the session when the app returns with the same customer', async () => {
  const { program } = await loggedIn();
  await program.resume();
  expect(program.uid()).toBe('tiki:1001');
  expect(program.users()).toEqual([null, 'tiki:1001']);
});

it("ends another customer's session when the app returns", async () => {
  const { phone, program } = await loggedIn();
  phone.customer = BINH;
  await program.resume();
  expect(program.uid()).toBeNull();
  phone.customer = AN;
  expect((await open(phone)).uid()).toBeNull();
});

describe('when Tiki does not identify the customer on return', () => {
  async function withheld() {
    const { phone, program } = await loggedIn();
    phone.userInfo = 'fails';
    await program.resume();
    expect(program.uid()).toBeNull();
    return { phone, program };
  }

  it('withholds the session, and restores it once Tiki has answered', async () => {
    const { phone, program } = await withheld();
    await program.resume();
    expect(program.uid()).toBeNull();
    phone.userInfo = 'answers';
    await program.resume();
    expect(program.uid()).toBe('tiki:1001');
    expect(program.users()).toEqual([null, 'tiki:1001', null, 'tiki:1001']);
  });

  it('keeps the session for the next start', async () => {
    const { phone } = await withheld();
    phone.userInfo = 'answers';
    expect((await open(phone)).uid()).toBe('tiki:1001');
  });

  it("erases the session when it turns out to be another customer's", async () => {
    const { phone, program } = await withheld();
    phone.userInfo = 'answers';
    phone.customer = BINH;
    await program.resume();
    expect(program.uid()).toBeNull();
    phone.customer = AN;
    expect((await open(phone)).uid()).toBeNull();
  });

  it('does not restore a user who signed out', async () => {
    const { phone, program } = await withheld();
    await program.run('await sdk.signOut(auth);');
    phone.userInfo = 'answers';
    await program.resume();
    expect(program.uid()).toBeNull();
    expect((await open(phone)).uid()).toBeNull();
  });

  it('does not replace a user who logged in', async () => {
    const { phone, program } = await withheld();
    await logIn(program, 'tiki:1002');
    phone.userInfo = 'answers';
    phone.customer = BINH;
    await program.resume();
    expect(program.uid()).toBe('tiki:1002');
  });
});

it('erases a session withheld since the start when the user signs out', async () => {
  const { phone } = await loggedIn();
  phone.userInfo = 'fails';
  const program = await open(phone);
  expect(program.uid()).toBeNull();
  await program.run('await sdk.signOut(auth);');
  phone.userInfo = 'answers';
  expect((await open(phone)).uid()).toBeNull();
});

it('ends a login of a customer who has changed, at the next check', async () => {
  const { phone } = phoneWithServer(Date.now);
  const program = await open(phone);
  const login = logIn(program, 'tiki:1001');
  phone.customer = BINH;
  await login;
  await program.resume();
  expect(program.uid()).toBeNull();
  phone.customer = AN;
  expect((await open(phone)).uid()).toBeNull();
});

it.each(['', 0])('keeps and withholds the session when Tiki reports a guest, %j', async (id) => {
  const { phone, program } = await loggedIn();
  // The type describes customers; a guest's id may be a number.
  phone.customer = { id: id as string, name: '' };
  await program.resume();
  expect(program.uid()).toBeNull();
  expect((await open(phone)).uid()).toBeNull();
  phone.customer = AN;
  await program.resume();
  expect(program.uid()).toBe('tiki:1001');
  expect((await open(phone)).uid()).toBe('tiki:1001');
});

it('uses only the answer to the latest check', async () => {
  const { phone, program } = await loggedIn();
  const answer = gate();
  // Tiki has named An, but the answer arrives after the switch to Bình.
  phone.userInfo = 'fails';
  await program.resume();
  phone.userInfo = 'answers';
  phone.hold = () => answer.opened;
  const first = program.resume();
  await new Promise((resolve) => setImmediate(resolve));
  phone.hold = undefined;
  phone.customer = BINH;
  const second = program.resume();
  await second;
  answer.open();
  await first;
  expect(program.uid()).toBeNull();
});
