import { fieldsOf } from './answer';
import { callMy, type Caller } from './call-my';
import { exactCustomerId } from './customer-id';

const SETTING_MS = 5_000;
/** How long calls wait for an answer that needs no dialog. */
const ANSWER_MS = 10_000;
/** How long a user may look at Tiki's permission dialog. Bounds a callback that never comes. */
const DIALOG_MS = 60_000;

/** Empty where Tiki does not say who is there: refused, failed, or an id that is not exact. */
type Answered = (customerId: string) => void;

export interface CustomerQuestions {
  /**
   * Asks which customer is logged in to Tiki, without opening a dialog where `my.getSetting` works.
   * While a question is open no second one is asked: it is asked again once the first is answered.
   * Calls back after 10 s without an answer, and once more if one comes later.
   */
  readonly ask: (answered: Answered) => void;
  /** Lets Tiki ask a user who has never decided. Opens a dialog, so only for a user who tapped. */
  readonly requestPermission: () => Promise<void>;
}

/**
 * Who is logged in to Tiki: only for detecting a change of customer, never proof of identity.
 * `my.getUserInfo` shows Tiki's permission dialog unless the user has allowed it before, which
 * `my.getSetting` tells.
 */
export function createCustomerQuestions(
  caller: Caller<'getSetting' | 'getUserInfo'>,
): CustomerQuestions {
  const { setTimeout, clearTimeout } = caller;
  /** A user who did not allow it once is not asked again until the app restarts. */
  let hasRefused = false;
  /** Those who asked since the last answer. */
  const waiting: Answered[] = [];
  let isAsking = false;
  let dialog: Promise<void> | undefined;

  async function permission(): Promise<'granted' | 'refused' | 'undecided' | 'unknown'> {
    const { ok, given } = await callMy(caller, 'getSetting', {}, SETTING_MS);
    const { userInfo } = fieldsOf(fieldsOf(given)['authSetting']);
    if (ok && userInfo === true) return 'granted';
    if (hasRefused || (ok && userInfo === false)) return 'refused';
    return ok ? 'undecided' : 'unknown';
  }

  /** One question to Tiki, which opens a dialog unless the permission was granted. */
  async function customerId(timeoutMs: number): Promise<string> {
    const { ok, given } = await callMy(caller, 'getUserInfo', {}, timeoutMs);
    hasRefused = !ok;
    return ok ? exactCustomerId(fieldsOf(given)['customerId']) : '';
  }

  async function run(): Promise<void> {
    isAsking = true;
    const allowed = await permission();
    const before = waiting.length;
    let id = '';
    if (allowed === 'granted' || allowed === 'unknown') {
      id = await customerId(allowed === 'granted' ? ANSWER_MS : DIALOG_MS);
      // Somebody asked in the meantime, and the answer may name the customer before that.
      if (waiting.length > before) return run();
    }
    isAsking = false;
    for (const answered of waiting.splice(0)) answered(id);
  }

  return {
    ask(answered) {
      const timer = setTimeout(() => {
        answered('');
      }, ANSWER_MS);
      waiting.push((id) => {
        // Returned by the matching setTimeout.
        clearTimeout(timer as never);
        answered(id);
      });
      if (!isAsking) void run();
    },
    async requestPermission() {
      if ((await permission()) !== 'undecided') return;
      // A second tap waits for the same dialog.
      dialog = dialog || customerId(DIALOG_MS).then(() => undefined);
      await dialog;
      dialog = undefined;
    },
  };
}
