import * as z from 'zod';
import { credential } from '../src/auth/routes';
import { ORDER_STATES, type OrderAnswer } from '../src/payments/order';
import { planFields, planId } from '../src/payments/plans';
import { PROBLEMS } from '../src/problem';
import { handOverBody, signOutBody, tokenBody, tradeBody } from '../src/sessions/fields';

/*
 * Bodies of requests are those that the functions parse. Bodies of answers are described here alone,
 * because a function does not parse what it sends; test/openapi holds them against real answers.
 * Each schema with an id becomes a component of the document.
 */

const UID = 'tiki:27051990';
const CODE = '0rDyEXRmJbXHBDnVlV9sYxFzQ6NDVzKpTJ3GBdSsYjE';
const CUSTOM_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJ1aWQiOiJ0aWtpOjI3MDUxOTkwIn0.c2lnbmF0dXJl';
/** 27 November 2026, 9:00 in Vietnam. */
const INSTANT = 1_795_744_800_000;

const uid = z
  .string()
  .regex(/^tiki:[1-9]\d{0,18}$/)
  .meta({ description: 'Of the Firebase account: `tiki:` and the customer id', examples: [UID] });
const customToken = z.string().meta({
  description: 'For `signInWithCustomToken` of Firebase, within one hour',
  examples: [CUSTOM_TOKEN],
});
const epochMs = z.int().meta({ description: 'Epoch milliseconds', examples: [INSTANT] });
const seconds = z
  .int()
  .min(1)
  .meta({ description: 'Seconds', examples: [3_600] });

export const problem = z
  .object({
    type: z.string().regex(/^urn:tiki-firebase-bridge:problem:[a-z-]+$/),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS)).meta({ description: 'Handle errors by this' }),
    detail: z.string().meta({ description: 'For people; Vietnamese or English' }),
    requestId: z.string().meta({ description: 'As in the log of the operator' }),
  })
  .meta({
    id: 'Problem',
    description:
      'An error (RFC 9457). The meaning of a code never changes. An auth code works once: after any ' +
      'failed login other than `rate-limited` and `overloaded`, get a new one.',
  });

export const gatewayProblem = problem
  .extend({
    error: z
      .object({ code: z.int(), message: z.string(), status: z.string() })
      .meta({ description: "Google's form of the same error, for Google's clients" }),
  })
  .meta({ id: 'GatewayProblem', description: "A refusal of the gateway's own, in both forms" });

export const authCode = z.object({ code: credential }).meta({
  id: 'AuthCode',
  description: 'The `authCode` of `my.getAuthCode`',
  examples: [{ code: CODE }],
});

export const refreshToken = z.object({ refresh_token: credential }).meta({
  id: 'RefreshToken',
  description: 'A refresh token of Tiki, of a login with the scope `offline`',
  examples: [{ refresh_token: CODE }],
});

export const accessToken = z.object({ access_token: credential }).meta({
  id: 'AccessToken',
  description: 'An access token of Tiki',
  examples: [{ access_token: CODE }],
});

const identityFields = {
  uid,
  customer: z.object({
    id: z
      .string()
      .regex(/^[1-9]\d{0,18}$/)
      .meta({ description: 'A string, because a JavaScript number cannot hold every id' }),
    name: z.string(),
  }),
  scopes: z.array(z.string()),
};

const IDENTITY = {
  uid: UID,
  customer: { id: '27051990', name: 'Nguyễn Văn A' },
  scopes: ['user_profile'],
};

export const identity = z
  .object(identityFields)
  .meta({ id: 'Identity', description: 'A customer of Tiki', examples: [IDENTITY] });

export const login = z
  .object({
    customToken,
    expiresIn: seconds,
    ...identityFields,
    appCheckToken: z.string().optional().meta({ description: 'With `APP_CHECK_APP_ID`' }),
    appCheckExpiresIn: seconds.optional(),
    tiki: z
      .object({
        accessToken: z.string(),
        refreshToken: z.string().optional(),
        expiresIn: seconds,
        tokenType: z.string(),
      })
      .optional()
      .meta({ description: "Tiki's own tokens, with `TIKI_TOKENS_TO_CLIENT=true`" }),
  })
  .meta({
    id: 'Login',
    description: 'A customer of Tiki, and the token that signs them in to Firebase',
    examples: [{ customToken: CUSTOM_TOKEN, expiresIn: 3_600, ...IDENTITY }],
  });

export const health = z.object({ status: z.literal('ok'), version: z.string() }).meta({
  id: 'Health',
  description: 'The function is alive, and its parameters can be read',
  examples: [{ status: 'ok', version: '1.0.0' }],
});

export const readiness = z
  .object({
    ready: z.boolean().meta({ description: 'Whether logins can succeed' }),
    upstreams: z.record(
      z.enum(['signer', 'tiki', 'firestore']),
      z.enum(['closed', 'open', 'half-open', 'not-used']),
    ),
  })
  .meta({
    id: 'Readiness',
    description:
      'What the circuit breakers of the instance that answers know: `closed` is well, `open` makes no calls',
    examples: [
      { ready: true, upstreams: { signer: 'closed', tiki: 'closed', firestore: 'not-used' } },
    ],
  });

export const handOver = handOverBody.meta({
  id: 'HandOver',
  description:
    'What a page asks its Tini App for: SHA-256 of its verifier (base64url), and its origin',
  examples: [{ challenge: CODE, origin: 'https://app.example.vn', name: 'Nguyễn Văn A' }],
});

export const handOverCode = z
  .object({ code: z.string(), expiresIn: seconds })
  .meta({ id: 'HandOverCode', examples: [{ code: CODE, expiresIn: 60 }] });

export const trade = tradeBody.meta({
  id: 'Trade',
  description: 'The code, and the verifier that only the page knows',
  examples: [{ code: CODE, verifier: CODE }],
});

export const traded = z
  .object({ customToken, uid })
  .meta({ id: 'Traded', examples: [{ customToken: CUSTOM_TOKEN, uid: UID }] });

export const signIn = z
  .union([tokenBody, trade])
  .meta({ id: 'SignIn', description: 'A custom token, or the code that is worth one' });

export const signOut = signOutBody.meta({
  id: 'SignOut',
  description: 'With `everywhere`, all sessions of the user end, in the Tini App too',
  examples: [{ everywhere: false }],
});

const webUser = z.object({
  uid: z.string(),
  name: z.string().nullable().meta({ description: 'Chosen by the user: escape it in HTML' }),
});
const csrfToken = z.string().meta({ description: 'To be sent as `X-CSRF-Token`' });

export const signedIn = z
  .object({ user: webUser, csrfToken })
  .meta({ id: 'SignedIn', examples: [{ user: { uid: UID, name: null }, csrfToken: CODE }] });

export const sessionUser = z
  .object({ user: webUser.nullable(), csrfToken: csrfToken.nullable() })
  .meta({
    id: 'SessionUser',
    description: '`user` is null if nobody is signed in, `csrfToken` if there is no cookie',
    examples: [{ user: null, csrfToken: null }],
  });

export const sessionCsrfToken = z
  .object({ csrfToken: csrfToken.nullable() })
  .meta({ id: 'CsrfToken', examples: [{ csrfToken: CODE }] });

const NAME = { vi: '1 tháng', en: '1 month' };

export const plan = z.object({ id: planId, ...planFields }).meta({
  id: 'Plan',
  description: 'Days of premium for an amount of VND',
  examples: [{ id: 'month', name: NAME, priceVnd: 49_000, days: 30 }],
});

export const planList = z.object({ plans: z.array(plan) }).meta({ id: 'Plans' });

export const newOrder = z.object({ planId }).meta({
  id: 'NewOrder',
  description: 'The price is the plan’s own',
  examples: [{ planId: 'month' }],
});

const REFERENCE = `o${'0123456789abcdef'.repeat(2).slice(1)}`;

const orderFields = z.object({
  reference: z.string().regex(/^o[\da-f]{31}$/),
  orderId: z
    .string()
    .nullable()
    .meta({ description: 'For `my.makePayment`; null until Tiki has it' }),
  planId,
  name: planFields.name,
  priceVnd: planFields.priceVnd,
  days: planFields.days,
  state: z.enum(ORDER_STATES),
  createdAt: epochMs,
  paidAt: epochMs.nullable(),
  completedAt: epochMs.nullable(),
  canceledAt: epochMs.nullable(),
  refundedAt: epochMs.nullable(),
  refunded: z.boolean(),
  premiumUntil: epochMs
    .nullable()
    .meta({ description: "When the user's premium ends, from all purchases together" }),
}) satisfies z.ZodType<OrderAnswer>;

export const order = orderFields.meta({
  id: 'Order',
  examples: [
    {
      reference: REFERENCE,
      orderId: '123456789012345678',
      planId: 'month',
      name: NAME,
      priceVnd: 49_000,
      days: 30,
      state: 'waiting',
      createdAt: INSTANT,
      paidAt: null,
      completedAt: null,
      canceledAt: null,
      refundedAt: null,
      refunded: false,
      premiumUntil: null,
    },
  ],
});

export const oneOrder = z.object({ order }).meta({ id: 'OneOrder' });
export const orderList = z.object({ orders: z.array(order) }).meta({ id: 'Orders' });

/** A component of the document: `{$ref}` to a schema with an id. */
export function refTo(schema: z.ZodType): object {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new Error('A schema without an id is no component');
  return { $ref: uriOf(id) };
}

const uriOf = (id: string): string => `#/components/schemas/${id}`;

/** All schemas with an id, as OpenAPI 3.1 has them: JSON Schema 2020-12. */
export function componentSchemas(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: uriOf,
    // Callers may omit what has a default, and an answer may get new members.
    io: 'input',
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [
      id,
      // The dialect is that of the whole document, and the id is the name.
      Object.fromEntries(Object.entries(schema).filter(([key]) => !/^(\$schema|\$id|~)/.test(key))),
    ]),
  );
}
