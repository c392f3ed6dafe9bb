import type { LogEntry } from 'firebase-functions/logger';
import { logFor } from './write-log';

const REMEDY =
  'set A=1 in functions/.env.shop, then ' +
  '`npx firebase deploy --only functions:tiki-bridge:auth --project shop`';
const ENTRY: LogEntry = {
  severity: 'WARNING',
  message: 'traces: the collector does not take them; this is logged once',
  outcome: 'traces-not-exported',
  operator: { cause: 'functions:tiki-bridge:auth is somebody’s text', remedy: REMEDY },
  error: { name: 'Error', message: 'refused', frames: [] },
};
const KIT = {
  FIREBASE_KIT_INSTANCE_ID: 'login',
  FUNCTION_TARGET: 'auth',
  K_SERVICE: 'kit-login-auth',
};

function written(env: Readonly<Record<string, string>>, entry: LogEntry): LogEntry | undefined {
  const entries: LogEntry[] = [];
  const log = logFor(env, (one) => entries.push(one));
  log(entry);
  return entries[0];
}

describe('an entry of the log', () => {
  it("has this repository's names where that is deployed", () => {
    expect(written({}, ENTRY)).toEqual(ENTRY);
  });

  it('has the names of another deployment in its remedy, and is otherwise the same', () => {
    expect(written(KIT, ENTRY)).toEqual({
      ...ENTRY,
      operator: {
        ...(ENTRY['operator'] as object),
        remedy:
          'set A=1 in function-kits/<kit>/config-login/.env.shop, then ' +
          '`npx firebase-tools deploy --only functions:' +
          'login:kit-login-auth --project shop`',
      },
    });
  });

  it.each([{}, { operator: { cause: 'no remedy' } }, { operator: null }])(
    'is written as it is without a remedy: %j',
    (more) => {
      const entry = { severity: 'INFO', message: 'auth_exchange: ok', ...more } as const;

      expect(written(KIT, entry)).toEqual(entry);
    },
  );
});
