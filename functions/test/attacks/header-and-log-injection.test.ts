import { request } from 'node:http';
import { startProcessBridge, type ProcessBridge } from '../support/process';

/** Attack: input from a caller or an upstream becomes a separate header or log entry. */
describe('header and log injection', () => {
  let bridge: ProcessBridge;
  beforeAll(async () => {
    bridge = await startProcessBridge();
  });
  afterAll(() => bridge.close());

  const forged = '\n{"severity":"ALERT","message":"forged-entry"}\n';

  /** Sends header bytes that fetch refuses to send. */
  function raw(path: string, headers: Record<string, string>): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        bridge.function.origin + path,
        { method: 'POST', headers },
        (answer) => {
          answer.resume();
          answer.on('end', () => {
            resolve(String(answer.headers['x-request-id']));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end('{"code":"a.b"}');
    });
  }

  it.each([
    'a b c d e f',
    'x'.repeat(65),
    'short',
    '"quoted-id-1"',
    'id-with-ümlaut',
    '<script>id',
  ])('takes no request id such as %j from a caller', async (id) => {
    const given = await raw('/auth_exchange', {
      'Content-Type': 'application/json',
      'X-Request-Id': Buffer.from(id).toString('latin1'),
    });
    expect(given).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs no input of a caller', async () => {
    await raw(`/forged-entry?${encodeURIComponent(forged)}`, {
      'Content-Type': 'application/json; forged-entry',
      'Accept-Language': 'forged-entry',
      Origin: 'https://forged-entry.example',
      'User-Agent': 'forged-entry',
      traceparent: '00-forged-entry-00-01',
      'X-Cloud-Trace-Context': 'forged-entry/1',
      'X-Forwarded-For': 'forged-entry',
    });
    for (const code of [`forged-entry${forged}`, 'forged-entry.code']) await bridge.exchange(code);
    await bridge.function.stop();
    const written = bridge.function.stdout() + bridge.function.stderr();
    expect(written).toContain('auth_exchange: invalid-code');
    expect(written).not.toContain('forged-entry');
  });

  it("logs no forged entries from Tiki's response", async () => {
    const own = await startProcessBridge();
    const reason = `forged-entry${forged}`;
    const { authCode } = own.simulator.issueAuthCode({
      customerId: '7',
      customerName: forged,
      fault: {
        kind: 'error-envelope',
        reason,
        metadata: { service_code: forged, request_id: forged },
      },
    });
    await own.exchange(authCode);
    const named = own.simulator.issueAuthCode({ customerId: '8', customerName: forged });
    expect((await own.exchange(named.authCode)).status).toBe(200);
    await own.close();
    const written = own.function.stdout() + own.function.stderr();
    expect(written).toContain('Tiki refused: unreadable');
    expect(written).not.toContain('forged-entry');
  });
});
