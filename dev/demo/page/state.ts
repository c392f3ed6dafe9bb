import type { DemoConfig } from './config';
import type { SampleId } from './customers';
import type { ScenarioId } from './faults/scenarios';
import type { Run } from './login/recorder';
import type { Scope } from './login/simulator';
import type { PremiumPress, PremiumState } from './premium/story';
import type { Language } from './text/texts';

/** Everything that the page shows, in one place; sections are functions of it. */
export interface State {
  readonly language: Language;
  readonly config: DemoConfig;
  readonly form: LoginForm;
  readonly login: Run | undefined;
  readonly tokens: TokenPair | undefined;
  readonly rawTokensShown: boolean;
  readonly premium: PremiumState;
  readonly scenarioRuns: Readonly<Partial<Record<ScenarioId, Run>>>;
  readonly openScenario: ScenarioId | undefined;
  /** One thing at a time: otherwise the timings would be of each other's making. */
  readonly busyWith: 'nothing' | 'login' | 'scenario' | 'all-scenarios' | PremiumPress;
}

export interface LoginForm {
  readonly choice: SampleId | 'typed';
  readonly typedId: string;
  readonly typedName: string;
  readonly scopes: readonly Scope[];
}

export interface TokenPair {
  readonly customToken: string;
  readonly idToken: string;
  /** Epoch milliseconds at which both were there. */
  readonly at: number;
}

/** What a section may ask for; the effects live behind these. */
export interface Actions {
  readonly switchLanguage: (language: Language) => void;
  readonly editForm: (change: Partial<LoginForm>) => void;
  readonly logIn: () => void;
  readonly showRawTokens: (shown: boolean) => void;
  readonly pressPremium: (press: PremiumPress) => void;
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
