import type { Callbacks } from './behaviour';
import { type Delivery, fail, success } from './deliver';
import { myRequest, NEVER } from './my-request';
import { ENCRYPTED_STORAGE, STORAGE } from './my-storage';
import { myUploadFile } from './my-upload-file';
import type { Phone } from './phone';

/** Options of any `my` function; their callbacks belong to the app's realm. */
type Options = Readonly<Record<string, unknown>>;

interface Outcome extends Delivery {
  /** The callback comes from a dialog, whose closing may look like a return to the app. */
  readonly closesDialog?: boolean;
}

type MyFunction = (phone: Phone, options: never) => Outcome | Promise<Outcome>;

const FUNCTIONS: Readonly<Record<string, MyFunction>> = {
  ...STORAGE,
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
  async makePayment(phone, { orderId }: { readonly orderId?: unknown }) {
    if (typeof orderId !== 'string' || orderId === '') return fail('orderId is missing');
    phone.payments.push(orderId);
    const answer = await phone.pay(orderId);
    return 'fail' in answer ? fail(answer.fail) : success(answer.success);
  },
  getSetting: ({ permission }) =>
    success({
      authSetting: permission === 'undecided' ? {} : { userInfo: permission === 'granted' },
    }),
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
  const onShow: (() => void)[] = [];
  const onHide: (() => void)[] = [];
  const show = () => {
    for (const listener of onShow) listener();
  };
  const hide = () => {
    for (const listener of onHide) listener();
  };
  const my: Record<string, unknown> = {
    onAppShow: (listener: () => void) => onShow.push(listener),
    onAppHide: (listener: () => void) => onHide.push(listener),
  };
  const functions = { ...FUNCTIONS, ...(phone.encrypted && ENCRYPTED_STORAGE) };
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
  return { my, show, hide };
}
