import { clientForTests, failureOf, stored } from '@tiki-bridge/testing/tini-runtime/setup';
import { exactCustomerId } from '../src/runtime/customer-id';

const { scene } = clientForTests();

/** Two customers whose ids are the same JavaScript number. */
const EVEN = { id: '9007199254740992', name: 'Nguyễn Văn An' };
const ODD = { id: '9007199254740993', name: 'Trần Thị Bình' };

/** A phone whose Tiki gives customer ids in this form, with this customer logged in to Tiki. */
function phoneOf(customer: typeof EVEN, idForm: (id: string) => unknown = Number) {
  const now = scene();
  now.phone.customer = customer;
  now.phone.idForm = idForm;
  return now;
}

describe('where Tiki gives the id as a number that has lost digits', () => {
  it("does not hand over another customer's session after a restart", async () => {
    const { open, phone } = phoneOf(EVEN);
    await open().firebase.signIn();
    phone.customer = ODD;
    const { firebase } = open();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
  });

  it("does not hand over another customer's session on return", async () => {
    const { open, phone } = phoneOf(EVEN);
    const { firebase, show } = open();
    await firebase.signIn();
    phone.customer = ODD;
    show();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
    expect((await firebase.signIn()).uid).toBe(`tiki:${ODD.id}`);
  });

  it("does not refuse the customer's own login", async () => {
    const { open } = phoneOf(ODD);
    const { firebase } = open();
    expect((await firebase.signIn()).uid).toBe(`tiki:${ODD.id}`);
    await expect(firebase.getIdToken()).resolves.toContain('.');
    expect(firebase.currentUser?.uid).toBe(`tiki:${ODD.id}`);
  });

  it('withholds the stored session, and logs in with a fresh code', async () => {
    const { open, phone } = phoneOf(ODD);
    await open().firebase.signIn();
    const { firebase } = open();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
    expect(phone.authCodes).toHaveLength(1);
    expect((await firebase.signIn()).uid).toBe(`tiki:${ODD.id}`);
    expect(phone.authCodes).toHaveLength(2);
  });
});

const OWN = { id: '1001', name: 'Nguyễn Văn An' };

const FORMS: readonly [string, unknown][] = [
  ['a leading zero', '01001'],
  ['a plus sign', '+1001'],
  ['a minus sign', '-1001'],
  ['a negative number', -1001],
  ['white space', ' 1001'],
  ['a line break', '1001\n'],
  ['a fraction', '1001.0'],
  ['a number with a fraction', 1001.5],
  ['an exponent', '1.001e3'],
  ['hexadecimal digits', '0x3e9'],
  ['full-width digits', '１００１'],
  ['a list', ['1001']],
  ['an object', { value: '1001' }],
  ['a boolean', true],
  ['more than an int64', '9223372036854775808'],
  ['a number beyond 2^53', 2 ** 53],
  ['a huge number', 1e21],
];

describe.each(FORMS)('where Tiki gives the id with %s', (_, form) => {
  it('withholds a stored session, keeps it, and does not refuse a login', async () => {
    const { open, phone } = phoneOf(OWN);
    await open().firebase.signIn();
    phone.idForm = () => form;
    const { firebase } = open();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
    expect(stored(phone)).toContain('tiki:1001');
    expect((await firebase.signIn()).uid).toBe('tiki:1001');
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
  });
});

it.each([
  ['1001', '1001'],
  [1001, '1001'],
  [1001n, '1001'],
  [9007199254740993n, '9007199254740993'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ['9007199254740993', '9007199254740993'],
  ['9223372036854775807', '9223372036854775807'],
  [0, ''],
  [0n, ''],
  [-1n, ''],
  ['', ''],
  [NaN, ''],
  [Object(1001), ''],
  [undefined, ''],
  [null, ''],
])('reads the id %p as %p', (given, read) => {
  expect(exactCustomerId(given)).toBe(read);
});

it('ignores an id that comes with a failure', async () => {
  const { open, phone } = phoneOf(OWN);
  await open().firebase.signIn();
  const { client, my } = open();
  const firebase = client.createTikiFirebase({
    ...phone.timers,
    baseUrl: phone.domains[0] ?? '',
    projectId: 'demo-tiki-bridge',
    // The simulated my has all functions that the client uses.
    my: {
      ...(my as unknown as Parameters<typeof client.createTikiFirebase>[0]['my']),
      getUserInfo: ({ fail }: { readonly fail: (value: unknown) => void }) => {
        fail({ customerId: '1001' });
      },
    },
  });
  expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
});
