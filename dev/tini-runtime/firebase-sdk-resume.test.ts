import path from 'node:path';
import { buildSdk, type SdkBuild } from '../gateway/firebase-sdk';
import { createPhone, type Phone } from './phone';
import { AN, BINH, DOMAIN } from './setup';
import { createStandIn } from './stand-in';
import { openWorld } from './world';

let build: SdkBuild;
beforeAll(() => {
  build = buildSdk();
}, 60_000);
afterAll(() => {
  build.remove();
});

/** Written as text, since its objects have to be of the mini program's own world. */
const PROGRAM = `(sdk, my, baseUrl) => {
  const { auth, resume } = sdk.createFirebase(my, { baseUrl, projectId: 'demo' });
  const told = [];
  sdk.onAuthStateChanged(auth, (user) => told.push(user && user.uid));
  return {
    ready: () => auth.authStateReady(),
    login: (token) => sdk.signInWithCustomToken(auth, token).then(() => undefined),
    logout: () => sdk.signOut(auth),
    uid: () => auth.currentUser && auth.currentUser.uid,
    told: () => told.join(),
    resume,
  };
}`;

interface Program {
  readonly ready: () => Promise<void>;
  readonly login: (token: string) => Promise<void>;
  readonly logout: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly uid: () => string | null;
  readonly told: () => string;
}

function createSdkPhone(): Phone {
  const server = createStandIn(Date.now);
  return createPhone({ domains: [DOMAIN], customer: AN, ...server });
}

/** A fresh start of the mini program on that phone. */
async function open(phone: Phone): Promise<Program> {
  const world = openWorld(phone);
  const start = world.evaluate(PROGRAM) as (...given: readonly unknown[]) => Program;
  // As tini-types has it: without onAppShow, so that the app has to call resume().
  const my = { ...world.my, onAppShow: undefined };
  const program = start(world.run(path.join(build.folder, 'firebase-auth.js')), my, DOMAIN);
  await program.ready();
  return program;
}

async function loggedIn() {
  const phone = createSdkPhone();
  const program = await open(phone);
  await program.login('tiki:1001');
  expect(program.uid()).toBe('tiki:1001');
  return { phone, program };
}

it('keeps who is logged in when the app comes back and nobody changed', async () => {
  const { program } = await loggedIn();
  await program.resume();
  expect(program.uid()).toBe('tiki:1001');
  expect(program.told()).toBe(',tiki:1001');
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
    expect(program.told()).toBe(',tiki:1001,,tiki:1001');
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
    await program.logout();
    phone.userInfo = 'answers';
    await program.resume();
    expect(program.uid()).toBeNull();
    expect((await open(phone)).uid()).toBeNull();
  });

  it('does not put it in the place of who logged in', async () => {
    const { phone, program } = await withheld();
    await program.login('tiki:1002');
    phone.userInfo = 'answers';
    phone.customer = BINH;
    await program.resume();
    expect(program.uid()).toBe('tiki:1002');
  });
});

it("ends a login that was somebody else's by then, once the app asks who is there", async () => {
  const phone = createSdkPhone();
  const program = await open(phone);
  const login = program.login('tiki:1001');
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
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // Tiki has answered that An is there; the answer is on its way when Bình comes.
  phone.userInfo = 'fails';
  await program.resume();
  phone.userInfo = 'answers';
  phone.hold = () => held;
  const first = program.resume();
  await new Promise((resolve) => setImmediate(resolve));
  phone.hold = undefined;
  phone.customer = BINH;
  const second = program.resume();
  await second;
  answer();
  await first;
  expect(program.uid()).toBeNull();
});
