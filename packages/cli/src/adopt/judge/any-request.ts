import type { Method, RulesRequest } from '@tiki-bridge/rules-evaluator/decide';
import { Unsupported } from '@tiki-bridge/rules-evaluator/failures';
import type { NotGiven, RulesMap, Value } from '@tiki-bridge/rules-evaluator/values';
import type { RulesService } from '../merge/rules-file';

/*
 * All requests of one kind at once: what clients choose, or may come by, is not given, so that a rule that
 * depends on it is not taken for one that denies.
 */

const METHODS: readonly Method[] = ['create', 'update', 'delete', 'get', 'list'];

const any = (notGiven: string): NotGiven => ({ notGiven });

/**
 * An account is one of many. A rule for exactly one uid, address or telephone number, which it names, is for
 * somebody whom the project chose: Firebase gives each of them to one account only, and a customer of Tiki
 * has none. So the account of a request is another one.
 */
const ofSomebody = (name: string): NotGiven => ({
  notGiven: name,
  isNot: (other) => other === null || typeof other === 'string',
});
const UID = ofSomebody('request.auth.uid');
const OTHER_UID: NotGiven = { notGiven: 'the id of a user', isNot: (other) => other === UID };

/** What other ways of signing in put into a token, and what a customer of Tiki can link to the account. */
const STANDARD_CLAIMS = [
  ...['name', 'picture', 'email_verified', 'firebase', 'provider_id', 'tikiCustomerId'],
  ...['iss', 'aud', 'iat', 'exp', 'auth_time'],
].map((name) => [name, any(`request.auth.token.${name}`)] as const);

/**
 * Other claims are absent: they are custom claims, which only a server can set. The bridge sets those below, and
 * leaves an account's own claims alone, so whoever has `admin` was given it by the project.
 */
const signedIn = (claims: Readonly<Record<string, Value>>): Value =>
  new Map<string, Value>([
    ['uid', UID],
    [
      'token',
      new Map<string, Value>([
        ...STANDARD_CLAIMS,
        ...[['sub', UID] as const, ['user_id', UID] as const],
        ['email', ofSomebody('request.auth.token.email')],
        ['phone_number', ofSomebody('request.auth.token.phone_number')],
        ...Object.entries(claims),
      ]),
    ],
  ]);

const CALLERS = {
  nobody: null,
  customer: signedIn({ provider: 'tiki' }),
  premiumCustomer: signedIn({
    ...{ provider: 'tiki', premiumAccount: true, premiumUntil: BigInt(Number.MAX_SAFE_INTEGER) },
  }),
  otherUser: signedIn({}),
};

const isRead = (method: Method): boolean => method === 'get' || method === 'list';

/**
 * The segments of a document or file in a place. What belongs to a user may be read by that user, and devices
 * may be written too, in a shape that our table of cases is about: there it is another user's.
 */
function segmentsIn(place: string, method: Method): RulesRequest['path'] {
  const isOthers = isRead(method) || place === 'users/{uid}/devices';
  const user = isOthers ? OTHER_UID : any('the id of a user');
  const id = place === 'entitlements' ? user : any('the id of a document');
  const inside = place.split('/').map((segment) => {
    if (segment === '{uid}') return user;
    return segment === '{id}' ? any('the id of a document') : segment;
  });
  return [...inside, method === 'list' ? undefined : id];
}

export interface AnyRequest {
  readonly place: string;
  readonly method: Method;
  readonly request: RulesRequest;
}

/** The requests that nobody but the server may make, for the places of a service. */
export function requestsOf(
  service: RulesService,
  places: readonly string[],
): readonly AnyRequest[] {
  const root =
    service === 'firestore' ? ['databases', '(default)', 'documents'] : ['b', any('bucket'), 'o'];
  const read = () => {
    throw new Unsupported('what a look-up finds');
  };
  // Content has pages below it.
  const below = places.filter((place) => place.startsWith('premium'));
  return [...places, ...below.map((place) => `${place}/{id}/pages`)].flatMap((place) =>
    METHODS.flatMap((method) =>
      Object.entries(CALLERS).flatMap(([caller, auth]): AnyRequest[] => {
        const isPaid = caller === 'premiumCustomer' && place.startsWith('premium');
        if (isPaid && isRead(method)) return [];
        const request: RulesMap = new Map<string, Value>([
          ...['time', 'path', 'query', 'params'].map(
            (name) => [name, any(`request.${name}`)] as const,
          ),
          ['auth', auth],
          ['method', method],
          ['resource', method === 'delete' ? null : any('request.resource')],
        ]);
        const variables = new Map<string, Value>([
          ['request', request],
          ['resource', method === 'create' ? null : any('resource')],
        ]);
        const path = [...root, ...segmentsIn(place, method)];
        const documents = { prefix: service === 'firestore' ? '' : 'firestore.', read } as const;
        return [{ place, method, request: { method, path, variables, documents } }];
      }),
    ),
  );
}
