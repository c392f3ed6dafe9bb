import { authPaths } from './auth';
import { backendPaths } from './backend';
import { gatewayPaths } from './gateway';
import type { Part, Paths } from './operation';
import { paymentPaths } from './payments';
import { gatewayProblemExample, problemExamples } from './problems';
import { componentSchemas } from './schemas';
import { SITE } from './servers';
import { sessionPaths } from './sessions';
import manifest from '../package.json';

const text = { type: 'string' };

const inPath = (name: string, description: string, example: string): Part => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: text,
  example,
});

const inHeader = (name: string, description: string, schema: object = text): Part => ({
  name,
  in: 'header',
  description,
  schema,
});

const WITH_SLASHES = 'May have slashes, which are sent as they are';

const PARAMETERS: Readonly<Record<string, Part>> = {
  'Accept-Language': inHeader(
    'Accept-Language',
    'The language of `detail` in errors: `vi` or `en`',
  ),
  'X-Request-Id': inHeader('X-Request-Id', 'Used instead of a new one, if it has this form', {
    type: 'string',
    pattern: '^[\\w-]{8,64}$',
  }),
  'Idempotency-Key': {
    ...inHeader('Idempotency-Key', 'A random name for this purchase', {
      type: 'string',
      pattern: '^[\\w-]{16,64}$',
    }),
    required: true,
    example: '0b8a2f4e-7f0e-4a53-8d3a-1d3f7a5c9e21',
  },
  key: {
    name: 'key',
    in: 'query',
    description: 'The Web API key, where the gateway has no `WEB_API_KEY`',
    schema: text,
  },
  reference: inPath('reference', 'Of the order', `o${'0123456789abcdef'.repeat(2).slice(1)}`),
  project: inPath('project', 'The id of this project', 'demo-tiki-bridge'),
  documentPath: inPath('path', WITH_SLASHES, 'users/tiki:27051990'),
  backendPath: inPath('path', WITH_SLASHES, 'whoami'),
  bucket: inPath('bucket', 'The bucket of this project', 'demo-tiki-bridge.firebasestorage.app'),
  fileName: inPath('name', WITH_SLASHES, 'users/tiki:27051990/photo.jpg'),
  validationCode: inPath('code', 'As shown in Tini Console', 'a-code'),
};

const HEADERS: Readonly<Record<string, Part>> = {
  'X-Request-Id': { description: 'As in the log', required: true, schema: text },
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'string', pattern: '^\\d+$' } },
  'WWW-Authenticate': { required: true, schema: text },
  'Set-Cookie': { description: 'The cookie `__session`', required: true, schema: text },
};

const apiKey = (where: 'cookie' | 'header', name: string, description: string): Part => ({
  type: 'apiKey',
  in: where,
  name,
  description,
});

const SECURITY_SCHEMES: Readonly<Record<string, Part>> = {
  idToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An ID token of Firebase Auth, of a user whom the bridge has signed in',
  },
  sessionCookie: apiKey('cookie', '__session', 'The session of a web page'),
  csrfToken: apiKey('header', 'X-CSRF-Token', 'Of the session in the cookie'),
  operatorToken: apiKey(
    'header',
    'X-Operator-Token',
    'A Google ID token of an account in `OPERATOR_EMAILS`, for the own URL of `auth`',
  ),
  tikiSignature: apiKey('header', 'X-Tiniapp-Signature', 'HMAC-SHA256 over the bytes of the body'),
  tikiTimestamp: apiKey('header', 'X-Tiniapp-Timestamp', 'Epoch milliseconds'),
  tikiClientId: apiKey('header', 'X-Tiniapp-Client-Id', 'The client key of the Tini App'),
};

const DESCRIPTION = `Tiki login in, Firebase session out.

Every route is at your own domain, behind Firebase Hosting, but for those of operators. Errors are \`application/problem+json\` (RFC 9457): handle them
by \`code\`. Answers may get new members; no member changes its meaning.`;

export interface OpenApiDocument extends Part {
  readonly paths: Paths;
  readonly components: {
    readonly schemas: Readonly<Record<string, Part>>;
    readonly parameters: Readonly<Record<string, Part>>;
    readonly headers: Readonly<Record<string, Part>>;
    readonly examples: Readonly<Record<string, Part>>;
    readonly securitySchemes: Readonly<Record<string, Part>>;
  };
}

/** The public routes of all functions, as an OpenAPI 3.1 document. */
export function openApiDocument(): OpenApiDocument {
  return {
    openapi: '3.1.1',
    info: {
      title: 'tiki-firebase-bridge',
      version: manifest.version,
      description: DESCRIPTION,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: SITE,
    tags: [
      { name: 'Login', description: 'The function `auth`' },
      {
        name: 'Gateway',
        description:
          "The function `gateway`: the Google APIs that a Tini App needs. What it forwards is Google's; " +
          'described here is what it refuses by itself.',
      },
      { name: 'Web sessions', description: 'The function `sessions`, with `WEB_ORIGINS`' },
      { name: 'Payments', description: 'The function `payments`, with `PAYMENT_PLANS`' },
      {
        name: 'Private backend',
        description: 'The function `backend`, with `PRIVATE_BACKEND_URL`',
      },
      { name: 'Operators', description: 'The function `auth`, at its own URL only' },
    ],
    paths: { ...authPaths, ...gatewayPaths, ...sessionPaths, ...paymentPaths, ...backendPaths },
    components: {
      schemas: componentSchemas(),
      parameters: PARAMETERS,
      headers: HEADERS,
      examples: { ...problemExamples(), gateway: gatewayProblemExample() },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
