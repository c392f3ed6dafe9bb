import { callLine } from './console-report';
import type { RecordedCall } from './types';

const CALL: RecordedCall = {
  path: '/oauth/me',
  at: 0,
  timestampHeader: undefined,
  clientId: undefined,
  clientKeyHeader: undefined,
  signature: undefined,
  rawBody: '',
  outcome: 'ok',
  problem: undefined,
  ms: 3,
};

describe('the line of a call', () => {
  it('names path, outcome and duration', () => {
    expect(callLine(CALL, false)).toMatch(/^ {2}\d\d:\d\d:\d\d {2}\/oauth\/me {2}ok {2}3 ms$/);
  });

  it.each([
    ['ok', '\u001b[32mok\u001b[0m'],
    ['fault:hang', '\u001b[33mfault:hang\u001b[0m'],
    ['invalid_code', '\u001b[31minvalid_code\u001b[0m'],
  ] as const)('paints %s where colours are wanted', (outcome, painted) => {
    expect(callLine({ ...CALL, outcome }, true)).toContain(painted);
  });

  it('contains no control characters from the caller', () => {
    const line = callLine({ ...CALL, path: '/\u009b2J', problem: '\u001b]0;x\u0007' }, false);
    expect(line).toMatch(/^[ -~]*$/);
  });
});
