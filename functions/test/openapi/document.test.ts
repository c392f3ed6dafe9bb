import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { authRoutes, OPERATOR_PATHS } from '../../src/auth/routes';
import { BACKEND_PATHS } from '../../src/backend/routes';
import { AUTH_PLACES } from '../../src/gateway/places';
import { GATEWAY_PATHS } from '../../src/gateway/routes';
import { PAYMENT_PATHS } from '../../src/payments/routes';
import { PROBLEMS } from '../../src/problem';
import { sessionRoutes } from '../../src/sessions/routes';
import { DOCUMENT, faultsOfValue, OPERATIONS } from './faults-of';

const FILE = path.join(__dirname, '../../../docs/openapi.json');
const PATHS = Object.keys(DOCUMENT.paths);

/** Nothing is called where only the addresses of routes are read. */
const unused = (): never => {
  throw new Error('not called');
};

describe('docs/openapi.json', () => {
  it('is what npm run openapi writes', () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(DOCUMENT)));
  });

  it('is an OpenAPI 3.1 document', () => {
    // In a process of its own: it is an ES module, which jest does not load.
    const validator =
      require.resolve('@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
    const { stdout, status } = spawnSync(process.execPath, [validator, FILE], { encoding: 'utf8' });

    expect(JSON.parse(stdout)).toMatchObject({ valid: true });
    expect(status).toBe(0);
  });

  it('has every route of the functions', () => {
    const exact = [
      ...authRoutes({
        login: { exchange: unused, refresh: unused, info: unused },
        tokensKey: undefined,
        clientOf: unused,
        rateLimit: unused,
        rateLimitStore: undefined,
        elapsed: unused,
      }),
      ...sessionRoutes({
        sessions: unused,
        webOrigins: new Set(),
        limited: unused,
        callerOf: unused,
      }),
    ].map(({ source }) => source);
    const others = [...PAYMENT_PATHS, ...GATEWAY_PATHS, ...BACKEND_PATHS];

    expect(PATHS).toEqual(
      expect.arrayContaining([
        ...exact,
        ...OPERATOR_PATHS,
        ...AUTH_PLACES.keys(),
        ...others.filter((source) => !source.endsWith('/**')),
      ]),
    );
    const below = others.filter((source) => source.endsWith('/**'));
    expect(
      below.filter((source) => !PATHS.some((each) => each.startsWith(source.slice(0, -2)))),
    ).toEqual([]);
  });

  it('has the routes of operators at the function’s own URL, and no other there', () => {
    const isOwn = (url: unknown) => String(url).includes('.cloudfunctions.net/');
    const own = OPERATIONS.filter(({ operation }) => {
      const servers = operation['servers'] as readonly { readonly url: string }[] | undefined;
      return servers?.every(({ url }) => isOwn(url)) === true;
    });

    expect(own.map(({ path: route }) => route)).toEqual([...OPERATOR_PATHS]);
    expect(JSON.stringify(DOCUMENT['servers'])).not.toContain('cloudfunctions.net');
  });

  it('names each operation once', () => {
    const ids = OPERATIONS.map(({ operation }) => operation.operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every error code', () => {
    const text = JSON.stringify(DOCUMENT.paths);
    // HEAD, GET and POST are described; this is the answer to all others.
    const codes = Object.keys(PROBLEMS).filter((code) => code !== 'method-not-allowed');

    expect(codes.filter((code) => !text.includes(`"#/components/examples/${code}"`))).toEqual([]);
  });

  it.each(Object.entries(DOCUMENT.components.schemas))('has right examples of %s', (_, schema) => {
    const { examples = [] } = schema as { readonly examples?: readonly unknown[] };

    expect(examples.flatMap((example) => faultsOfValue(schema, example))).toEqual([]);
  });

  it.each(Object.entries(DOCUMENT.components.examples))(
    'has a right example of %s',
    (name, example) => {
      const schema = name === 'gateway' ? 'GatewayProblem' : 'Problem';

      expect(faultsOfValue({ $ref: `#/components/schemas/${schema}` }, example['value'])).toEqual(
        [],
      );
    },
  );
});
