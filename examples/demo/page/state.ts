import type { PaymentOutcome } from '@tiki-bridge/tiki-simulator/payment';
import type { DemoConfig } from './config';
import type { ScenarioId } from './faults/scenarios';
import type { Holder } from './login/holder';
import type { Run } from './login/recorder';
import { type PhoneState, SWITCHED_OFF } from './phone/screen';
import { SCOPES, type Scope } from './simulator';
import { NOTHING_SEEN, type PremiumPress, type PremiumState } from './premium/story';
import type { BackendReply } from './session/backend-reply';
import type { Session } from './session/session';
import { NOTHING_BOUGHT, type ShopState } from './shop/state';
import type { Language } from './language';

/** The state of the whole page; sections are functions of it. */
export interface State {
  readonly language: Language;
  readonly config: DemoConfig;
  readonly form: LoginForm;
  /** The last login, or the restored session at the start. */
  readonly login: Run | undefined;
  readonly session: Session;
  readonly rawTokensShown: boolean;
  readonly premium: PremiumState;
  readonly shop: ShopState;
  /** Tiki's id of the order whose payment is open. */
  readonly sheet: string | undefined;
  /** The user's phone, which gets notifications. */
  readonly phone: PhoneState;
  /** What the developer's own backend last answered about this user. */
  readonly backend: BackendReply | undefined;
  readonly scenarioRuns: Readonly<Partial<Record<ScenarioId, Run>>>;
  readonly openScenario: ScenarioId | undefined;
  /** One thing at a time, so that timings do not affect each other. */
  readonly busyWith: 'nothing' | 'login' | 'scenario' | 'all-scenarios' | PremiumPress;
}

export interface LoginForm extends Holder {
  readonly scopes: readonly Scope[];
}

export function initialState(config: DemoConfig, language: Language, holder: Holder): State {
  return {
    language,
    config,
    form: { ...holder, scopes: SCOPES },
    login: undefined,
    session: { state: 'out', code: 'not-signed-in', message: '' },
    rawTokensShown: false,
    premium: NOTHING_SEEN,
    shop: NOTHING_BOUGHT,
    sheet: undefined,
    phone: SWITCHED_OFF,
    backend: undefined,
    scenarioRuns: {},
    openScenario: undefined,
    busyWith: 'nothing',
  };
}

/** The actions available to sections. */
export interface Actions {
  readonly switchLanguage: (language: Language) => void;
  readonly editForm: (change: Partial<LoginForm>) => void;
  readonly logIn: () => void;
  readonly logOut: () => void;
  readonly openWeb: () => void;
  readonly showRawTokens: (shown: boolean) => void;
  readonly askBackend: () => void;
  readonly registerPhone: () => void;
  readonly pressPremium: (press: PremiumPress) => void;
  readonly buy: (planId: string) => void;
  readonly cancelOrder: (orderId: string) => void;
  readonly pressPayment: (outcome: PaymentOutcome) => void;
  readonly runScenario: (id: ScenarioId) => void;
  readonly runAllScenarios: () => void;
}

export type Section = (state: State, actions: Actions) => HTMLElement;

export interface Store {
  readonly state: State;
  update(change: Partial<State>): void;
}

export function createStore(initial: State, changed: (state: State) => void): Store {
  let state = initial;
  return {
    get state() {
      return state;
    },
    update(change) {
      state = { ...state, ...change };
      changed(state);
    },
  };
}
