import { type OpenedSdk, sdkForTests } from '@tiki-bridge/testing/tini-runtime/firebase-sdk';
import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import { AN, BINH, gate, phoneWithServer } from '@tiki-bridge/testing/tini-runtime/setup';

const sdk = sdkForTests('firebase-auth.js');

/** A fresh start of the mini program on that phone. */
async function open(phone: Phone): Promise<OpenedSdk> {
  // As tini-types has it: without onAppShow, so that the app has to call resume().
  const opened = sdk.open(phone, { onAppShow: undefined });
  await opened.run('await restored;');
  return opened;
}

/** With a custom token, which is the uid here: as anybody, whoever is logged in to Tiki. */
const logIn = ({ run }: OpenedSdk, uid: string) =>
  run(`await sdk.signInWithCustomToken(auth, '${uid}');`);

async function loggedIn() {
  const { phone } = phoneWithServer(Date.now);
  const program = await open(phone);
  await logIn(program, 'tiki:1001');
  expect(program.uid()).toBe('tiki:1001');
  return { phone, program };
}

it('keeps who is logged in when the app comes back and nobody changed', async () => {
  const { program } = await loggedIn();
  await program.resume();
  expect(program.uid()).toBe('tiki:1001');
  expect(program.users()).toEqual([null, 'tiki:1001']);
});

it('ends the session of somebody else when the app comes back', async () => {
  const { phone, program } = await loggedIn();
  phone.customer = BINH;
  await program.resume();
  expect(program.uid()).toBeNull();
  phone.customer = AN;
  expect((await open(phone)).uid()).toBeNull();
});

describe('where Tiki does not say who came back', () => {
  async function withheld() {
    const { phone, program } = await loggedIn();
    phone.userInfo = 'fails';
    await program.resume();
    expect(program.uid()).toBeNull();
    return { phone, program };
  }

  it('withholds the session, and gives it out again once Tiki has answered', async () => {
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

  it('erases the session when it turns out to be of somebody else', async () => {
    const { phone, program } = await withheld();
    phone.userInfo = 'answers';
    phone.customer = BINH;
    await program.resume();
    expect(program.uid()).toBeNull();
    phone.customer = AN;
    expect((await open(phone)).uid()).toBeNull();
  });

  it('does not bring back who signed out', async () => {
    const { phone, program } = await withheld();
    await program.run('await sdk.signOut(auth);');
    phone.userInfo = 'answers';
    await program.resume();
    expect(program.uid()).toBeNull();
    expect((await open(phone)).uid()).toBeNull();
  });

  it('does not put it in the place of who logged in', async () => {
    const { phone, program } = await withheld();
    await logIn(program, 'tiki:1002');
    phone.userInfo = 'answers';
    phone.customer = BINH;
    await program.resume();
    expect(program.uid()).toBe('tiki:1002');
  });
});

it('erases the session of who signs out while it is withheld since the start', async () => {
  const { phone } = await loggedIn();
  phone.userInfo = 'fails';
  const program = await open(phone);
  expect(program.uid()).toBeNull();
  await program.run('await sdk.signOut(auth);');
  phone.userInfo = 'answers';
  expect((await open(phone)).uid()).toBeNull();
});

it("ends a login that was somebody else's by then, once the app asks who is there", async () => {
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

it.each(['', 0])('keeps the session where Tiki names a guest, %j, and withholds it', async (id) => {
  const { phone, program } = await loggedIn();
  // The type is of customers; a guest's id may be a number.
  phone.customer = { id: id as string, name: '' };
  await program.resume();
  expect(program.uid()).toBeNull();
  expect((await open(phone)).uid()).toBeNull();
  phone.customer = AN;
  await program.resume();
  expect(program.uid()).toBe('tiki:1001');
  expect((await open(phone)).uid()).toBe('tiki:1001');
});

it('listens to the answer to the newest question alone', async () => {
  const { phone, program } = await loggedIn();
  const answer = gate();
  // Tiki has answered that An is there; the answer is on its way when Bình comes.
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
