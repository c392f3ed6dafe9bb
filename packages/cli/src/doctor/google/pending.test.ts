import {
  parseAuthParameters,
  parseBackendParameters,
  parseGatewaySettings,
  parsePaymentParameters,
  parseSessionParameters,
  Problem,
} from '../../../../../functions/src/operator';
import { parseDotenv } from '@tiki-bridge/testing/emulators/dotenv';
import { readFile } from '../../project-files';
import { parseParameters } from '../parameters';
import { READERS } from './pending';

const faultOf = (parse: () => unknown): string => {
  try {
    parse();
    return '';
  } catch (error) {
    return error instanceof Problem ? (error.extras.operator?.cause ?? '') : String(error);
  }
};

describe('who reads which parameter', () => {
  it('is known of every one that there is', () => {
    const shared = parseDotenv(readFile('functions/.env') ?? '').values;
    expect(Object.keys(READERS).sort()).toEqual(['TIKI_CLIENT_KEY', ...Object.keys(shared)].sort());
  });

  // Read by Node, by reconcilePremium, by the Firebase CLI, by every server and by the log.
  const others = [
    ...['NODE_OPTIONS', 'PREMIUM_DATABASE_URL', 'MIN_INSTANCES', 'MAX_INSTANCES'],
    ...['PUSH_NOTIFICATIONS', 'PATH_PREFIX', 'BRIDGE_CODEBASE'],
  ];
  const ours = Object.keys(READERS).filter((name) => !others.includes(name));
  it.each(ours)('is so: %s', (name) => {
    const malformed = { [name]: ' no value\0' };
    const faults = {
      auth: faultOf(() =>
        parseAuthParameters({ TIKI_CLIENT_KEY: 'k', TIKI_CLIENT_SECRET: 's', ...malformed }),
      ),
      gateway: faultOf(() => parseGatewaySettings({ GCLOUD_PROJECT: 'tiki-shop', ...malformed })),
      sessions: faultOf(() =>
        parseSessionParameters({ GCLOUD_PROJECT: 'tiki-shop', ...malformed }),
      ),
      backend: faultOf(() => parseBackendParameters({ GCLOUD_PROJECT: 'tiki-shop', ...malformed })),
      payments: faultOf(() =>
        parsePaymentParameters({
          ...{ GCLOUD_PROJECT: 'tiki-shop', TIKI_CLIENT_KEY: 'k', TIKI_CLIENT_SECRET: 's' },
          ...malformed,
        }),
      ),
    };
    const readers = (['auth', 'gateway', 'sessions', 'backend', 'payments'] as const).filter((id) =>
      faults[id].startsWith(name),
    );
    expect(readers).toEqual(READERS[name]);
  });
});

it('is not deployed with a path that the functions refuse', () => {
  const parsed = (prefix: string) => parseParameters({ TIKI_CLIENT_KEY: 'k', PATH_PREFIX: prefix });

  expect(parsed('tiki/')).toMatchObject({
    faults: expect.stringContaining('PATH_PREFIX is not a path such as /tiki') as string,
  });
  expect([parsed('/tiki'), parsed('')]).toEqual([
    { config: expect.anything() as unknown },
    { config: expect.anything() as unknown },
  ]);
});
