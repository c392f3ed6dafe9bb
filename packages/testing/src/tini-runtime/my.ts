import type { Delivery } from './deliver';
import { myRequest } from './my-request';
import { myUploadFile } from './my-upload-file';
import type { Phone } from './phone';

/** Options of any `my` function; their callbacks belong to the app's realm. */
type Options = Readonly<Record<string, unknown>>;

type MyFunction = (phone: Phone, options: never) => Delivery | Promise<Delivery>;

const NEVER = new Promise<Delivery>(() => undefined);
const success = (value?: unknown): Delivery => ({ callback: 'success', value });
const fail = (value?: unknown): Delivery => ({ callback: 'fail', value });

const STORAGE_FAILURE = { error: 11, errorMessage: 'storage failure' };

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
  getUserInfo({ userInfo, idForm, customer }) {
    if (userInfo === 'hangs') return NEVER;
    if (userInfo === 'fails' || !customer) return fail({ code: '3', message: 'no user' });
    return success({ customerId: idForm(customer.id), name: customer.name, avatar: '' });
  },
  getStorage({ storage, storageFails, missingKey }, { key }: { readonly key: string }) {
    if (storageFails) return fail(STORAGE_FAILURE);
    const data = storage.get(key);
    if (data === undefined) return missingKey === 'fail' ? fail(STORAGE_FAILURE) : success({});
    return success({ data: JSON.parse(data) as unknown });
  },
  setStorage(phone, { key, data }: { readonly key: string; data: unknown }) {
    const write = () => {
      if (phone.storageFails) return fail(STORAGE_FAILURE);
      phone.storage.set(key, JSON.stringify(data));
      return success();
    };
    const slow = phone.slowWrites.shift();
    return slow ? slow.then(write) : write();
  },
  removeStorage({ storage, storageFails }, { key }: { readonly key: string }) {
    if (storageFails) return fail(STORAGE_FAILURE);
    storage.delete(key);
    return success();
  },
};

/** Copies values between the app's realm and ours, as JSON. */
export interface Border {
  readonly toPhone: (value: unknown) => unknown;
  readonly toApp: (value: unknown) => unknown;
}

export interface SimulatedMy {
  readonly my: Readonly<Record<string, unknown>>;
  /** The user returns to the app. */
  readonly show: () => void;
}

/** The `my` of one opened mini program. Callbacks are asynchronous, as on a phone. */
export function createMy(phone: Phone, border: Border): SimulatedMy {
  const listeners: (() => void)[] = [];
  const my: Record<string, unknown> = {
    onAppShow: (listener: () => void) => listeners.push(listener),
  };
  for (const [name, implementation] of Object.entries(FUNCTIONS)) {
    my[name] = (options: Options): unknown => {
      // Each implementation reads only its documented options.
      const outcome = Promise.resolve(implementation(phone, border.toPhone(options) as never));
      const answered = outcome.then(async ({ callback, value }) => {
        const passed = border.toApp(value);
        await phone.hold?.(name);
        for (const called of [callback, 'complete']) {
          const listener = options[called];
          // The app's own function.
          if (typeof listener === 'function') (listener as (value: unknown) => void)(passed);
        }
        return { callback, passed };
      });
      if (!phone.behaviour.promise || name !== 'request') return undefined;
      return answered.then(({ callback, passed }) => {
        if (callback === 'fail') throw new Error('request failed', { cause: passed });
        return passed;
      });
    };
  }
  return {
    my,
    show: () => {
      for (const listener of listeners) listener();
    },
  };
}
