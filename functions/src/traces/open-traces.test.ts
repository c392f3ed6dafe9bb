import type { LogEntry } from 'firebase-functions/logger';
import type { FinishedRequest } from '../http/serve';
import { openTraces } from './open-traces';

const FINISHED = {
  request: { method: 'POST', headers: {} },
  route: 'auth_exchange',
  outcome: 'ok',
  status: 200,
  from: 0,
  to: 2,
  steps: [{ name: 'tiki', from: 0, to: 1, failed: false }],
  // All that is read of a request.
} as unknown as FinishedRequest;

/**
 * Exports twice to a collector that is not there; returns what is logged. (Jest does not even let OTLP
 * import `node:http`. Collectors that fail in other ways: test/process/traces.)
 */
async function entriesOf(finished: FinishedRequest, frozenMs = 0): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let now = 0;
  const traces = openTraces({
    endpoint: 'http://127.0.0.1:1/v1/traces',
    service: 'auth',
    projectId: 'demo',
    isBehindFrontEnd: false,
    // A collector that is not Google's gets none.
    tokens: {} as never,
    clock: { now: () => (now += frozenMs), elapsed: () => 0 },
    log: (entry) => entries.push(entry),
  });
  await traces(finished);
  await traces(finished);
  return entries;
}

describe('openTraces', () => {
  it('logs once that the collector does not take traces', async () => {
    const entries = await entriesOf(FINISHED);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ outcome: 'traces-not-exported' });
  });

  it('does not blame the collector for the time in which the instance was frozen', async () => {
    expect(await entriesOf(FINISHED, 60_000)).toEqual([]);
  });

  it('has nothing to export of a request that waited for nothing', async () => {
    expect(await entriesOf({ ...FINISHED, steps: [] })).toEqual([]);
  });
});
