import type { ErrorCode } from 'tiki-firebase-client';
import type { ProblemCode } from '../../../../functions/src/problem';
import type { SampleId } from '../customers';
import type { ScenarioGroup, ScenarioId } from '../faults/scenarios';
import type { Scope } from '../simulator';
import type { Lane, StepId } from '../login/trace';
import type { Condition, GateId, GateReading, Mark, PremiumPress } from '../premium/story';

/** Codes of the library or of Firebase Auth that a login on this page can end with. */
export type LibraryCode = ErrorCode &
  (
    | 'user-refused'
    | 'no-auth-code'
    | 'scope-not-granted'
    | 'network'
    | 'timeout'
    | 'not-signed-in'
    | 'bad-response'
    | 'invalid-custom-token'
    | 'credential-mismatch'
    | 'user-disabled'
    | 'unavailable'
  );

/** `unreachable`: the page got no response. */
export type OwnCode = 'unreachable' | 'other';

/** Sections that the jump links lead to, in the order of the page. */
export const JUMP_TARGETS = ['login', 'tokens', 'premium', 'notifications', 'faults'] as const;
export type JumpTarget = (typeof JUMP_TARGETS)[number];

/** All texts of the page. An incomplete translation does not compile. */
export interface Texts {
  readonly title: string;
  readonly lead: string;
  readonly localOnly: string;
  readonly languageSwitch: string;
  /** The link to the accounts in the Emulator UI. */
  readonly emulatorUi: string;
  readonly apiReference: string;
  /** Links to the sections, by the id of their element. */
  readonly jump: {
    readonly label: string;
    readonly links: Readonly<Record<JumpTarget, string>>;
  };
  /** Why buttons are greyed out. */
  readonly busy: Readonly<Record<'login' | 'scenario' | 'all-scenarios' | 'premium', string>>;
  readonly running: {
    readonly project: string;
    readonly auth: string;
    readonly simulator: string;
    readonly firestore: string;
    readonly firestoreMissing: (reason: string) => string;
  };

  readonly login: {
    readonly heading: string;
    readonly who: string;
    readonly samples: Readonly<Record<SampleId, string>>;
    readonly someoneElse: string;
    readonly customerId: string;
    readonly customerIdHint: string;
    readonly customerIdWrong: string;
    readonly customerName: string;
    readonly scopes: string;
    readonly scopeHint: Readonly<Record<Scope, string>>;
    readonly submit: string;
    readonly submitting: string;
    readonly needsCustomer: string;
  };

  readonly session: {
    readonly nobody: string;
    readonly here: (name: string) => string;
    readonly kept: string;
    readonly openWeb: string;
    readonly webNeedsFirestore: string;
    readonly logOut: string;
    readonly why: Readonly<Record<ErrorCode & ('user-changed' | 'user-unknown'), string>>;
  };

  readonly sequence: {
    readonly heading: string;
    readonly lanes: Readonly<Record<Lane, { readonly name: string; readonly place: string }>>;
    readonly steps: Readonly<Record<StepId, string>>;
    readonly notReached: string;
    readonly waiting: string;
    readonly failedHere: string;
    readonly before: string;
    readonly running: string;
    readonly done: (ms: string) => string;
    readonly restored: (ms: string) => string;
    readonly failed: (ms: string) => string;
    readonly whatToDo: string;
    readonly requestId: string;
  };

  readonly tokens: {
    readonly heading: string;
    readonly lead: string;
    readonly empty: string;
    readonly restored: string;
    readonly custom: string;
    readonly customNote: string;
    readonly id: string;
    readonly idNote: string;
    readonly header: string;
    readonly claims: string;
    readonly unsigned: string;
    readonly showRaw: string;
    readonly hideRaw: string;
    readonly notes: {
      readonly uid: string;
      readonly mistakenId: (mistaken: string) => string;
      readonly provider: string;
      readonly customIss: string;
      readonly idIss: string;
      readonly customSub: string;
      readonly customAud: string;
      readonly idAud: string;
      readonly exp: (time: string, minutes: number) => string;
      readonly claims: string;
      readonly signInProvider: string;
    };
  };

  /** The developer's own service behind the bridge. */
  readonly backend: {
    readonly heading: string;
    readonly lead: string;
    readonly ask: string;
    readonly asking: string;
    /** Before the uid. */
    readonly sees: string;
  };

  readonly notifications: {
    readonly heading: string;
    readonly lead: string;
    readonly needsLogin: string;
    readonly needsFirestore: (reason: string) => string;
    readonly first: string;
    readonly register: string;
    readonly registering: string;
    readonly registered: string;
    readonly second: string;
    /** Of the command that sends one. */
    readonly exampleTitle: string;
    readonly exampleBody: string;
    readonly orPremium: string;
    readonly phone: string;
    readonly none: string;
    /** Before a path. */
    readonly opens: string;
  };

  readonly premium: {
    readonly heading: string;
    readonly lead: string;
    readonly needsLogin: string;
    readonly needsFirestore: (reason: string) => string;
    /** Over the buttons that need no payment. */
    readonly byHand: string;
    readonly presses: Readonly<Record<PremiumPress, string>>;
    readonly pressing: string;
    readonly onRecord: string;
    readonly inToken: string;
    readonly notPremium: string;
    readonly premiumUntil: (time: string, left: string) => string;
    readonly ended: (time: string) => string;
    readonly gates: Readonly<Record<GateId, string>>;
    readonly verdicts: Readonly<Record<GateReading['state'], string>>;
    readonly conditions: Readonly<Record<Condition, string>>;
    readonly marks: Readonly<Record<Mark, string>>;
    readonly behind: string;
    readonly whyRefresh: string;
    readonly timeline: string;
    readonly timelineHint: string;
    readonly nothingYet: string;
    readonly pressed: Readonly<Record<PremiumPress, string>>;
    readonly pressFailed: (press: string, detail: string) => string;
    readonly gateEvents: Readonly<
      Record<'opened' | 'closed' | 'expired', (gate: string) => string>
    >;
  };

  readonly faults: {
    readonly heading: string;
    readonly lead: string;
    readonly runAll: string;
    readonly runningAll: string;
    readonly columns: {
      readonly scenario: string;
      readonly status: string;
      readonly code: string;
      readonly time: string;
    };
    readonly groups: Readonly<Record<ScenarioGroup, string>>;
    readonly scenarios: Readonly<Record<ScenarioId, string>>;
    readonly ok: string;
    readonly documented: string;
    readonly asDocumented: string;
    readonly notAsDocumented: string;
    readonly tally: (asDocumented: number, run: number) => string;
  };

  readonly whatToDo: Readonly<Record<ProblemCode | LibraryCode | OwnCode, string>>;
}

/** What to do about a problem code; has a default for unknown codes. */
export function adviceFor(code: string, texts: Texts): string {
  const advice: Readonly<Record<string, string>> = texts.whatToDo;
  return (Object.hasOwn(advice, code) ? advice[code] : undefined) ?? texts.whatToDo.other;
}
