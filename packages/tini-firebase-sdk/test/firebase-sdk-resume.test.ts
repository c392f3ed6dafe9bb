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
const logIn = ({ run }: OpenedSdk, uid: string) => run(`await signIn('${uid}');`);

/** The code with which a login fails. */
const refusalOf = ({ run }: OpenedSdk, uid: string) =>
  run(`return await signIn('${uid}').then(() => undefined, (error) => error.code);`);

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

describe('a login', () => {
  it('fails when another customer is logged in to Tiki at its end', async () => {
    const { phone } = phoneWithServer(Date.now);
    const program = await open(phone);
    const refusal = refusalOf(program, 'tiki:1001');
    phone.customer = BINH;
    expect(await refusal).toBe('tiki/user-changed');
    expect(program.uid()).toBeNull();
    phone.customer = AN;
    expect((await open(phone)).uid()).toBeNull();
  });

  it('stands by itself when Tiki does not identify the customer, until the app is left', async () => {
    const { phone } = phoneWithServer(Date.now);
    phone.userInfo = 'fails';
    const program = await open(phone);
    await logIn(program, 'tiki:1001');
    expect(program.uid()).toBe('tiki:1001');
    await program.resume();
    expect(program.uid()).toBeNull();
  });

  it('is withheld when Tiki does not identify the customer and the app was left', async () => {
    const { phone } = phoneWithServer(Date.now);
    phone.userInfo = 'fails';
    const program = await open(phone);
    const refusal = refusalOf(program, 'tiki:1001');
    await program.resume();
    expect(await refusal).toBe('tiki/user-unknown');
    expect(program.uid()).toBeNull();
    phone.userInfo = 'answers';
    await program.resume();
    expect(program.uid()).toBe('tiki:1001');
  });

  it.each([
    ['after the request for the permission', true],
    ['in an earlier login', false],
  ])('is withheld or not when the app was left %s', async (_, isWithheld) => {
    const { phone } = phoneWithServer(Date.now);
    phone.permission = 'refused';
    const program = await open(phone);
    await program.run('await requestPermission();');
    await program.resume();
    // The custom token is from a code of the time before.
    if (!isWithheld) await program.run('await requestPermission();');
    expect(await refusalOf(program, 'tiki:1001')).toBe(isWithheld ? 'tiki/user-unknown' : null);
    expect(program.uid()).toBe(isWithheld ? null : 'tiki:1001');
  });

  it('waits for the check of a return that comes during its own', async () => {
    const { phone } = phoneWithServer(Date.now);
    const program = await open(phone);
    const answer = gate();
    const asked = gate();
    phone.hold = (name) => {
      if (name !== 'getUserInfo') return undefined;
      asked.open();
      return answer.opened;
    };
    const refusal = refusalOf(program, 'tiki:1001');
    await asked.opened;
    // Tiki has named An.
    phone.customer = BINH;
    const resumed = program.resume();
    answer.open();
    expect(await refusal).toBe('tiki/user-changed');
    await resumed;
    expect(program.uid()).toBeNull();
  });
});

describe('where Tiki gives the id as a number that has lost digits', () => {
  const EVEN = { id: '9007199254740992', name: 'Nguyễn Văn An' };
  const ODD = { id: '9007199254740993', name: 'Trần Thị Bình' };

  async function evenLoggedIn() {
    const { phone } = phoneWithServer(Date.now);
    phone.customer = EVEN;
    phone.idForm = Number;
    const program = await open(phone);
    await logIn(program, `tiki:${EVEN.id}`);
    expect(program.uid()).toBe(`tiki:${EVEN.id}`);
    return { phone, program };
  }

  it("does not hand over another customer's session after a restart", async () => {
    const { phone } = await evenLoggedIn();
    phone.customer = ODD;
    expect((await open(phone)).uid()).toBeNull();
  });

  it("does not hand over another customer's session on return, nor refuse a login", async () => {
    const { phone, program } = await evenLoggedIn();
    phone.customer = ODD;
    await program.resume();
    expect(program.uid()).toBeNull();
    await logIn(program, `tiki:${ODD.id}`);
    expect(program.uid()).toBe(`tiki:${ODD.id}`);
  });

  it('keeps the session for the time when Tiki gives the exact id', async () => {
    const { phone, program } = await evenLoggedIn();
    await program.resume();
    expect(program.uid()).toBeNull();
    phone.idForm = String;
    expect((await open(phone)).uid()).toBe(`tiki:${EVEN.id}`);
  });
});

it.each(['01001', '1001.0', ['1001'], 1001.5, true])(
  'withholds the session when Tiki gives the id %j',
  async (form) => {
    const { phone, program } = await loggedIn();
    phone.idForm = () => form;
    await program.resume();
    expect(program.uid()).toBeNull();
    expect((await open(phone)).uid()).toBeNull();
  },
);

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
  answer.open();
  await second;
  await first;
  expect(program.uid()).toBeNull();
});

describe('the permission dialog of my.getUserInfo', () => {
  it.each(['refused', 'undecided'] as const)(
    'is not opened at a start or a return, where the session is withheld: %s',
    async (permission) => {
      const { phone } = await loggedIn();
      phone.permission = permission;
      const program = await open(phone);
      await program.resume();
      expect(program.uid()).toBeNull();
      expect(phone.dialogs).toBe(0);
      phone.permission = 'granted';
      expect((await open(phone)).uid()).toBe('tiki:1001');
    },
  );

  it.each(['refused', 'granted'] as const)(
    'is opened by requestPermission, once, and the login stands: %s',
    async (decision) => {
      const { phone } = phoneWithServer(Date.now);
      phone.permission = 'undecided';
      phone.decide = () => decision;
      const program = await open(phone);
      await program.run('await Promise.all([requestPermission(), requestPermission()]);');
      await program.run('await requestPermission();');
      await logIn(program, 'tiki:1001');
      expect(program.uid()).toBe('tiki:1001');
      await program.resume();
      expect(program.uid()).toBe(decision === 'granted' ? 'tiki:1001' : null);
      expect(phone.dialogs).toBe(1);
    },
  );
});

it('stores the session encrypted where the runtime can, and signs out of full storage', async () => {
  const { phone } = phoneWithServer(Date.now);
  phone.encrypted = new Map();
  const program = await open(phone);
  await logIn(program, 'tiki:1001');
  expect([...phone.storage.values()].join()).not.toContain('refresh');
  expect([...phone.encrypted.values()].join()).toContain('refresh');
  expect((await open(phone)).uid()).toBe('tiki:1001');
  phone.storageFull = true;
  await program.run('await sdk.signOut(auth);');
  expect([...phone.encrypted.values()].join()).not.toContain('refresh');
  expect((await open(phone)).uid()).toBeNull();
});
