import type { Callbacks } from './behaviour';
import type { Delivery } from './deliver';
import { myRequest } from './my-request';
import { myUploadFile } from './my-upload-file';
import type { Phone } from './phone';

/** Options of any `my` function; their callbacks belong to the app's realm. */
type Options = Readonly<Record<string, unknown>>;

interface Outcome extends Delivery {
  /** The callback comes from a dialog, whose closing may look like a return to the app. */
  readonly closesDialog?: boolean;
}

type MyFunction = (phone: Phone, options: never) => Outcome | Promise<Outcome>;

const NEVER = new Promise<Delivery>(() => undefined);
const success = (value?: unknown): Delivery => ({ callback: 'success', value });
const fail = (value?: unknown): Delivery => ({ callback: 'fail', value });

const STORAGE_FAILURE = { error: 11, errorMessage: 'storage failure' };

function read(
  { storageFails, missingKey }: Phone,
  store: Phone['encrypted'],
  field: 'data' | 'value',
  { key }: { readonly key: string },
): Delivery {
  if (storageFails) return fail(STORAGE_FAILURE);
  const stored = store?.get(key);
  if (stored === undefined) return missingKey === 'fail' ? fail(STORAGE_FAILURE) : success({});
  return success({ [field]: JSON.parse(stored) as unknown });
}

function write(
  phone: Phone,
  store: Phone['encrypted'],
  key: string,
  value: unknown,
): Delivery | Promise<Delivery> {
  const writeNow = () => {
    if (phone.storageFails || phone.storageFull) return fail(STORAGE_FAILURE);
    store?.set(key, JSON.stringify(value));
    return success();
  };
  const slow = phone.slowWrites.shift();
  return slow ? slow.then(writeNow) : writeNow();
}

const FUNCTIONS: Readonly<Record<string, MyFunction>> = {
  request: myRequest,
  uploadFile: myUploadFile,
  async getAuthCode(phone, { scopes = [] }: { readonly scopes?: string | readonly string[] }) {
    const prepared = phone.authCodeAnswers.shift();
    if (prepared) return 'fail' in prepared ? fail(prepared.fail) : success(prepared.success);
    if (!phone.customer) return fail({ error: '2', errorMessage: 'not logged in' });
    const granted = typeof scopes === 'string' ? [scopes] : scopes;
    try {
      const authCode = await phone.issueAuthCode(phone.customer, granted);
      phone.authCodes.push(authCode);
      return success({ authCode, authErrorScopes: {}, authSuccessScopes: granted });
    } catch (error) {
      return fail({ error: 'network', errorMessage: String(error) });
    }
  },
  getUserInfo(phone) {
    if (phone.userInfo === 'hangs') return NEVER;
    const answer = () => {
      const { customer, permission, userInfo, idForm } = phone;
      if (permission === 'refused') return fail({ error: '2', errorMessage: 'Permission denied' });
      if (userInfo === 'fails' || !customer) return fail({ code: '3', message: 'no user' });
      return success({ customerId: idForm(customer.id), name: customer.name, avatar: '' });
    };
    if (phone.permission !== 'undecided') return answer();
    phone.dialogs += 1;
    return Promise.resolve(phone.decide()).then((decision) => {
      phone.permission = decision;
      return { ...answer(), closesDialog: true };
    });
  },
  getSetting: ({ permission }) =>
    success({
      authSetting: permission === 'undecided' ? {} : { userInfo: permission === 'granted' },
    }),
  getStorage: (phone, options) => read(phone, phone.storage, 'data', options),
  setStorage: (phone, { key, data }: { readonly key: string; readonly data: unknown }) =>
    write(phone, phone.storage, key, data),
  removeStorage({ storage, encrypted, storageFails }, { key }: { readonly key: string }) {
    if (storageFails) return fail(STORAGE_FAILURE);
    storage.delete(key);
    encrypted?.delete(key);
    return success();
  },
};

/** Only where the phone has encrypted storage. */
const ENCRYPTED: Readonly<Record<string, MyFunction>> = {
  getEncryptedStorage: (phone, options) => read(phone, phone.encrypted, 'value', options),
  setEncryptedStorage: (phone, { key, value }: { readonly key: string; readonly value: unknown }) =>
    write(phone, phone.encrypted, key, value),
};

type Called = readonly ('success' | 'fail' | 'complete')[];

/** The callbacks that are called, in this order. */
const CALLED: Readonly<Record<Callbacks, (callback: Delivery['callback']) => Called>> = {
  once: (callback) => [callback, 'complete'],
  twice: (callback) => [callback, callback, 'complete', 'complete'],
  both: (callback) => [callback, callback === 'fail' ? 'success' : 'fail', 'complete'],
  synchronously: (callback) => [callback, 'complete'],
  never: () => [],
  late: (callback) => [callback, 'complete'],
  'complete only': () => ['complete'],
  throws: () => [],
};

const passed40Seconds = ({ timers }: Phone) =>
  new Promise<void>((resolve) => {
    timers.setTimeout(resolve, 40_000);
  });

/** Copies values between the app's realm and ours, as JSON. */
export interface Border {
  readonly toPhone: (value: unknown) => unknown;
  readonly toApp: (value: unknown) => unknown;
}

export interface SimulatedMy {
  readonly my: Readonly<Record<string, unknown>>;
  /** The user returns to the app. */
  readonly show: () => void;
  /** The user leaves the app. */
  readonly hide: () => void;
}

/** The `my` of one opened mini program. Callbacks are asynchronous, as on a phone. */
export function createMy(phone: Phone, border: Border): SimulatedMy {
  const listeners: (() => void)[] = [];
  const show = () => {
    for (const listener of listeners) listener();
  };
  const hideListeners: (() => void)[] = [];
  const my: Record<string, unknown> = {
    onAppShow: (listener: () => void) => listeners.push(listener),
    onAppHide: (listener: () => void) => hideListeners.push(listener),
  };
  const functions = { ...FUNCTIONS, ...(phone.encrypted && ENCRYPTED) };
  for (const [name, implementation] of Object.entries(functions)) {
    if (phone.missing.has(name)) continue;
    my[name] = (options: Options): unknown => {
      const callbacks = phone.callbacks.get(name) ?? phone.behaviour.callbacks;
      if (callbacks === 'throws') throw new Error(`${name} is broken`);
      const call = (callback: string, value: unknown) => {
        const listener = options[callback];
        // The app's own function.
        if (typeof listener === 'function') (listener as (value: unknown) => void)(value);
      };
      const passOn = ({ callback, closesDialog }: Outcome, passed: unknown) => {
        if (closesDialog && phone.dialogShows === 'before the callback') show();
        for (const called of CALLED[callbacks](callback)) call(called, passed);
        if (closesDialog && phone.dialogShows === 'after the callback') show();
      };
      // Each implementation reads only its documented options.
      const outcome = implementation(phone, border.toPhone(options) as never);
      if (callbacks === 'synchronously' && !(outcome instanceof Promise)) {
        passOn(outcome, border.toApp(outcome.value));
        return undefined;
      }
      const answered = Promise.resolve(outcome).then(async (given) => {
        const passed = border.toApp(given.value);
        await phone.hold?.(name);
        if (callbacks === 'late') await passed40Seconds(phone);
        passOn(given, passed);
        return { callback: given.callback, passed };
      });
      if (!phone.behaviour.promise || name !== 'request') return undefined;
      return answered.then(({ callback, passed }) => {
        if (callback === 'fail') throw new Error('request failed', { cause: passed });
        return passed;
      });
    };
  }
  const hide = () => {
    for (const listener of hideListeners) listener();
  };
  return { my, show, hide };
}
