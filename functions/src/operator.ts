/**
 * What programs outside of `functions/` use of it at run time: the operator's command line
 * (`packages/cli`), the premium server of the demo, and what writes `infra/monitoring`. They import this file and `problem.ts`
 * (which imports nothing, so that web pages can use it), and no other file of `functions/src`.
 *
 * Loading it is cheap. Firestore's client is loaded by {@link openPremium} when it is called.
 *
 * Not listed in package.json: a deployment ignores `exports`, and packages import this file by its
 * relative path, because `functions/` has a lockfile of its own and is no workspace.
 */

// Premium: what an operator grants, revokes, looks at and repairs.
export { openPremium, type OperatorPremium } from './premium/open-premium';
export type { ReplayReport } from './premium/replay';
export type { Outcome, Overview, PremiumService, Removed } from './premium/service';
export type { ReconcileReport } from './premium/reconcile';
export { MAX_DAYS, purchaseId, type Purchase, type Terms } from './premium/purchase';
export { parseInstant } from './premium/parse-instant';
export { parseCustomerUid } from './premium/customer-uid';
export { ENTITLEMENT_ERRORS, EntitlementError } from './premium/entitlement-error';
export { SLOW_MS } from './premium/google-call';

// Push: what an operator sends, and what became of it.
export {
  checkMessage,
  explainPushFailure,
  openPush,
  parseNotificationId,
  type Push,
  PushError,
  type PushStatus,
} from './push/operate';
export type { NotificationId } from './push/store';
export { explainLegacyKey, legacyKeyIn } from './push/legacy-key';

// Payments: what an operator looks at, repairs, refunds and exports.
export {
  explainOrdersFailure,
  openOrders,
  type Orders,
  OrdersError,
  parseReference,
  type ShownOrder,
} from './payments/operate';
export { MalformedOrder, type Order } from './payments/order';
export type { Export } from './payments/export';
export type { Difference } from './payments/statement';
export type { ReconcileReport as OrdersReport } from './payments/reconcile';
export type { RefundResult } from './payments/refund';
export { parsePlans } from './payments/plans';

// Users: what is kept about one, and the audit trail.
export type { Actor } from './premium/audit';
export type { AuditQuestion, StoredAuditEntry } from './premium/audit-trail';
export { DELETION, deleteUser, openOrdersIn, OrdersAreOpen } from './user/delete-user';
export { type Everything, everythingAbout, type Kept } from './user/kept';
export { type Revocation, type Revoked, revokeSessions } from './user/revoke';
export { openUsers } from './user/open-users';
export type { Users, UsersProject } from './user/connect-users';

// Parameters: read by the functions' own parsers, so that what passes a check passes there.
export { TIKI_PRODUCTION } from './providers/tiki/environments';
export { type AuthParameters, parseAuthParameters } from './auth/parameters';
export { parsePathPrefix } from './http/path-prefix';
export { accountDomain } from './account-domain';
export { hostAndPort, LOOPBACK_HOSTS, PROJECT_ID } from './config';
export { parseGatewaySettings } from './gateway/settings';
export { parseSessionParameters } from './sessions/parameters';
export { parseBackendParameters } from './backend/parameters';
export { parsePaymentParameters } from './payments/parameters';
export { AUTH_PATHS } from './auth/routes';
export { GATEWAY_PATHS } from './gateway/routes';
export { SESSION_PATHS } from './sessions/routes';
export { BACKEND_PATHS } from './backend/routes';
export { PAYMENT_PATHS } from './payments/routes';
export { Problem } from './problem';
export { problemAnswer } from './http/answer';

// Commands that are printed, and the names in them.
export {
  AS_HERE,
  asCodebase,
  asDeployed,
  asKit,
  type DeployedAs,
  FUNCTION_NAMES,
  functionName,
  secretName,
} from './deployed-as';
export { INVISIBLE, setClock, sh, shellQuote } from './remedy';
export { type KeyFile, newKeyFile, readKeyFile } from './google/key-file';

// Tokens for Google's services.
export { credentialsFor } from './google/open-credentials';
export { loadAuthLibrary } from './google/auth-library';
export { type Credentials, NoIdTokens, NoKey, type TokenAnswer } from './google/credentials';
export { explainTokenFailure } from './google/token-failure';

// Tiki: a signed call and what its answer means.
export { signedHeaders, type TikiCredentials } from './providers/tiki/signature';
export { readAnswer, type TikiOutcome } from './providers/tiki/outcome';
export { tokensAnswer } from './providers/tiki/provider';
export { clockAhead, describeSkew, TOLERATED_SKEW_MS } from './providers/tiki/clock';
