import { isCustomerId, SAMPLE_CUSTOMERS, type Customer } from './customers';
import { SCENARIOS, type Scenario } from './faults/scenarios';
import { exchangeCode } from './login/bridge';
import type { FirebaseLogin } from './login/firebase';
import { runLogin, type CodeSource } from './login/run';
import type { Simulator } from './login/simulator';
import type { PremiumPanel } from './premium/panel';
import { NOTHING_SEEN } from './premium/story';
import type { Actions, LoginForm, Store } from './state';
import { rememberLanguage } from './text/language';

export interface ActionEffects {
  readonly simulator: Simulator;
  readonly firebase: FirebaseLogin;
  /** Undefined without a Firestore engine. */
  readonly premium: PremiumPanel | undefined;
}

/** The customer that the form names; undefined while the typed id is none. */
export function chosenCustomer(form: LoginForm): Customer | undefined {
  if (form.choice !== 'typed') {
    return SAMPLE_CUSTOMERS.find(({ sample }) => sample === form.choice);
  }
  const id = form.typedId.trim();
  return isCustomerId(id) ? { id, name: form.typedName.trim() } : undefined;
}

/** Changes the state and drives the logins; everything the page does, it does here. */
export function createActions(
  store: Store,
  { simulator, firebase, premium }: ActionEffects,
): Actions {
  const exchanging = {
    simulator,
    exchange: (code: string) => exchangeCode(code, store.state.language),
    now: () => performance.now(),
  };
  let runs = 0;

  async function logIn(customer: Customer): Promise<void> {
    const { form } = store.state;
    store.update({
      busyWith: 'login',
      tokens: undefined,
      rawTokensShown: false,
      premium: NOTHING_SEEN,
    });
    await firebase.signOut();
    const { answer, idToken } = await runLogin(
      (runs += 1),
      { kind: 'issued', customer, scopes: form.scopes },
      { ...exchanging, signIn: (customToken) => firebase.signIn(customToken) },
      (login) => {
        store.update({ login });
      },
    );
    const tokens =
      answer && idToken !== undefined
        ? { customToken: answer.customToken, idToken, at: Date.now() }
        : undefined;
    store.update({ busyWith: 'nothing', tokens });
    premium?.look();
  }

  async function runScenario(scenario: Scenario): Promise<void> {
    const { form } = store.state;
    const customer = chosenCustomer(form) ?? SAMPLE_CUSTOMERS[0];
    await runLogin((runs += 1), codeSource(scenario, customer), exchanging, (run) => {
      store.update({ scenarioRuns: { ...store.state.scenarioRuns, [scenario.id]: run } });
    });
  }

  return {
    switchLanguage(language) {
      rememberLanguage(language);
      store.update({ language });
    },
    editForm(change) {
      store.update({ form: { ...store.state.form, ...change } });
    },
    logIn() {
      const customer = chosenCustomer(store.state.form);
      if (customer && store.state.busyWith === 'nothing') void logIn(customer);
    },
    showRawTokens(shown) {
      store.update({ rawTokensShown: shown });
    },
    pressPremium(press) {
      if (store.state.busyWith === 'nothing') premium?.press(press);
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

/** Of the right form, so that Tiki is asked about it. */
const INVENTED_CODE = 'bm90LWEtcmVhbC1jb2Rl.aW52ZW50ZWQtb24tdGhpcy1wYWdl';
