import { z } from 'zod';
import {
  AUTH_PATHS,
  BACKEND_PATHS,
  GATEWAY_PATHS,
  PAYMENT_PATHS,
  SESSION_PATHS,
} from '../../../../../functions/src/operator';
import { DEFAULT_REGION, GROUP } from '../../deployment';

/** What can be had besides the login. */
export const FEATURES = ['sessions', 'payments', 'backend', 'push', 'premium'] as const;
export type Feature = (typeof FEATURES)[number];

/** What of the project's own can be left to its developer to merge. */
export const PARTS = ['hosting', 'firestore', 'indexes', 'storage', 'database'] as const;
export type Part = (typeof PARTS)[number];

/** A path such as `/tiki`, as the functions take it. Hosting keeps `/__` for itself. */
export const prefixShape = z.union([
  z.literal(''),
  z.string().regex(/^(\/(?!__)[\w-]{1,63}){1,4}$/),
]);

export const choices = z.object({
  features: z.array(z.enum(FEATURES)),
  prefix: prefixShape,
  /** The Hosting site, by its `target` or `site` in firebase.json; undefined: it has one site. */
  target: z.string().optional(),
  /** Whether the functions are exported as a group, since the project has functions of their names. */
  group: z.boolean(),
  skipped: z.array(z.enum(PARTS)),
  /** Accepted rules that open, or may open, server-only data in skipped parts; each a `Judgement.id`. */
  acceptedRules: z.array(z.string()).default([]),
});
export type Choices = z.infer<typeof choices>;

/** Finds accounts whose claims differ from what was sold; both sell. */
const RECONCILE_PREMIUM = 'reconcilePremium';
const FUNCTIONS: Readonly<Record<Feature, readonly string[]>> = {
  sessions: ['sessions'],
  payments: ['payments', 'reconcilePayments', 'paymentsDaily', RECONCILE_PREMIUM],
  backend: ['backend'],
  push: ['pushNotification', 'pushPremium', 'pushDaily'],
  premium: [RECONCILE_PREMIUM],
};

/** The names that the package exports. */
export function functionsOf(features: readonly Feature[]): readonly string[] {
  return [...new Set(['auth', 'gateway', ...features.flatMap((feature) => FUNCTIONS[feature])])];
}

const PATHS: Readonly<Record<string, readonly string[]>> = {
  auth: AUTH_PATHS,
  gateway: GATEWAY_PATHS,
  sessions: SESSION_PATHS,
  backend: BACKEND_PATHS,
  payments: PAYMENT_PATHS,
};

export interface Rewrite {
  readonly source: string;
  readonly function: { readonly functionId: string; readonly region: string };
}

/** A function's name as it is deployed. */
export const deployedName = (name: string, { group }: Choices): string =>
  group ? `${GROUP}-${name}` : name;

/** Tini Console looks for its file at the root of a domain, and nowhere else. */
const AT_THE_ROOT = '/tiki-validation-code/**';

/** The rewrites of Hosting, under the prefix. */
export function rewritesOf(choices: Choices): readonly Rewrite[] {
  return functionsOf(choices.features).flatMap((name) =>
    (PATHS[name] ?? []).map((source) => ({
      source: source === AT_THE_ROOT ? source : choices.prefix + source,
      function: { functionId: deployedName(name, choices), region: DEFAULT_REGION },
    })),
  );
}

/** Which feature needs a collection, its indexes and its time to live; the rate limit's belong to the login. */
const COLLECTIONS: Readonly<Record<string, Feature>> = {
  entitlements: 'premium',
  // Written with each change of an entitlement or an order.
  bridgeAudit: 'premium',
  handOvers: 'sessions',
  orders: 'payments',
  orderMessages: 'payments',
  receipts: 'payments',
  notifications: 'push',
  devices: 'push',
};

export function needsCollection(features: readonly Feature[], collection: string): boolean {
  const feature = COLLECTIONS[collection];
  const isPremium = feature === 'premium' && features.includes('payments');
  return feature === undefined || isPremium || features.includes(feature);
}

/** Whether something is sold: `premium` or `payments`. */
export const sellsPremium = (features: readonly Feature[]): boolean =>
  needsCollection(features, 'entitlements');

/** The services whose rules are merged. */
export type Ruled = 'firestore' | 'storage' | 'database';

const PREMIUM = ['premiumContent', 'premiumContentStrict'];
/** Also with the login alone: the operator's command `premium` can grant it, and leaves a trace. */
const ALWAYS = ['entitlements', ...PREMIUM, 'bridgeAudit', 'rateLimits'];
const CHOSEN = [
  ...['handOvers', 'orders', 'orders/{id}/orderMessages'],
  ...['users/{uid}/receipts', 'users/{uid}/devices', 'users/{uid}/notifications'],
];

/** What of a project is the bridge's: collections of Firestore, folders of Storage, nodes of a database. */
export function placesOf(service: Ruled, features: readonly Feature[]): readonly string[] {
  if (service === 'storage') return PREMIUM;
  if (service === 'database') return ['entitlements', ...PREMIUM];
  const isNeeded = (place: string) => needsCollection(features, place.split('/').at(-1) ?? '');
  return [...ALWAYS, ...CHOSEN.filter(isNeeded)];
}

/**
 * The places that no rule of the project may open. Premium content counts only if something is sold; before,
 * a rule such as a CMS's for all `pages` does no harm.
 */
export const guardedPlacesOf = (service: Ruled, features: readonly Feature[]): readonly string[] =>
  placesOf(service, features).filter((place) => sellsPremium(features) || !PREMIUM.includes(place));
