import type { TikiFirebase } from 'tiki-firebase-client';
import { SAMPLE_CUSTOMERS, type Customer } from './customers';
import { exchangeCode } from './faults/bridge';
import { SCENARIOS, type Scenario } from './faults/scenarios';
import { strike, type CodeSource } from './faults/strike';
import { customerOf, rememberHolder } from './login/holder';
import { logIn, type WatchEffects } from './login/log-in';
import type { TextStorage } from './my/storage';
import type { Phone } from './phone/phone';
import type { PremiumPanel } from './premium/panel';
import type { FollowedSession } from './follow-session';
import type { PaymentSheet } from './shop/payment-sheet';
import type { Shop } from './shop/shop';
import type { Actions, Store } from './state';
import { rememberLanguage } from './language';
import { openWebPages } from './web-view';

export interface ActionEffects extends WatchEffects {
  readonly firebase: TikiFirebase;
  readonly session: FollowedSession;
  /** Undefined without a Firestore engine. */
  readonly premium: PremiumPanel | undefined;
  /** The same. */
  readonly shop: Shop | undefined;
  readonly sheet: PaymentSheet;
  /** Undefined where no notifications are sent. */
  readonly phone: Phone | undefined;
  readonly askBackend: () => void;
  /** Simulates the app returning to the foreground, possibly with another Tiki customer. */
  readonly showApp: () => void;
  readonly storage: TextStorage;
}

/** Everything the page does: changes the state and runs the logins. */
export function createActions(store: Store, effects: ActionEffects): Actions {
  const { firebase, session, premium, shop, sheet, simulator, now } = effects;
  const striking = {
    simulator,
    exchange: (code: string) => exchangeCode(code, store.state.language),
    now,
  };
  let runs = 0;

  /** A session that cannot be erased from storage still ends, and the next one replaces it. */
  const signOut = () => firebase.signOut().catch(() => undefined);

  async function runLogin(): Promise<void> {
    store.update({ busyWith: 'login', rawTokensShown: false });
    // So that each login is shown from the start.
    await signOut();
    await session.look();
    await logIn((runs += 1), firebase, store.state.form.scopes, effects, (login) => {
      store.update({ login });
    });
    await session.look();
    store.update({ busyWith: 'nothing' });
    premium?.look();
    shop?.look();
  }

  /** Removes the diagram of a login or a restored session once that session has ended. */
  async function dropEndedRun(): Promise<void> {
    await session.look();
    const { session: current, busyWith } = store.state;
    const ended = current.state === 'out' && current.code !== 'user-unknown';
    if (ended && busyWith === 'nothing') store.update({ login: undefined });
  }

  async function runScenario(scenario: Scenario): Promise<void> {
    const customer = customerOf(store.state.form) ?? SAMPLE_CUSTOMERS[0];
    await strike((runs += 1), codeSource(scenario, customer), striking, (run) => {
      store.update({ scenarioRuns: { ...store.state.scenarioRuns, [scenario.id]: run } });
    });
  }

  return {
    switchLanguage(language) {
      rememberLanguage(language);
      store.update({ language });
      // Read the session again, because the library's message is in the previous language.
      void session.look();
    },
    editForm(change) {
      const before = store.state.form;
      // The holder cannot change during a login; rendering reverts the input.
      const form = store.state.busyWith === 'login' ? before : { ...before, ...change };
      store.update({ form });
      rememberHolder(effects.storage, form);
      if (customerOf(form)?.id === customerOf(before)?.id) return;
      effects.showApp();
      void dropEndedRun();
    },
    logIn() {
      if (customerOf(store.state.form) && store.state.busyWith === 'nothing') void runLogin();
    },
    logOut() {
      if (store.state.busyWith === 'nothing') void signOut().then(dropEndedRun);
    },
    openWeb() {
      const { config, language } = store.state;
      if (config.webOrigin !== undefined) openWebPages(firebase, config.webOrigin, language);
    },
    showRawTokens(shown) {
      store.update({ rawTokensShown: shown });
    },
    askBackend: effects.askBackend,
    registerPhone() {
      effects.phone?.register();
    },
    pressPremium(press) {
      if (store.state.busyWith === 'nothing') premium?.press(press);
    },
    buy(planId) {
      if (store.state.busyWith === 'nothing') shop?.buy(planId);
    },
    cancelOrder(orderId) {
      shop?.cancel(orderId);
    },
    pressPayment(outcome) {
      sheet.press(outcome);
    },
    runScenario(id) {
      if (store.state.busyWith !== 'nothing') return;
      const scenario = SCENARIOS.find((candidate) => candidate.id === id);
      if (!scenario) return;
      store.update({ busyWith: 'scenario', openScenario: id });
      void runScenario(scenario).then(() => {
        store.update({ busyWith: 'nothing' });
      });
    },
    runAllScenarios() {
      if (store.state.busyWith !== 'nothing') return;
      store.update({ busyWith: 'all-scenarios', openScenario: undefined, scenarioRuns: {} });
      void SCENARIOS.reduce(
        (before, scenario) => before.then(() => runScenario(scenario)),
        Promise.resolve(),
      ).then(() => {
        store.update({ busyWith: 'nothing' });
      });
    },
  };
}

function codeSource({ fault }: Scenario, customer: Customer): CodeSource {
  const scopes = ['user_profile'] as const;
  if (fault === 'invented-code') return { kind: 'invented', code: INVENTED_CODE };
  if (fault === 'used-code') return { kind: 'used', customer, scopes };
  return { kind: 'issued', customer, scopes, fault };
}

/** Well-formed, so that the bridge sends it to Tiki. */
const INVENTED_CODE = 'bm90LWEtcmVhbC1jb2Rl.aW52ZW50ZWQtb24tdGhpcy1wYWdl';
