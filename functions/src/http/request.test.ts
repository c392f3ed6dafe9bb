import { traceParent } from './request';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('traceParent', () => {
  it.each([
    ['01', true],
    ['00', false],
    ['ff', true],
    ['02', false],
  ])('reads the flags %s', (flags, isSampled) => {
    const traceparent = `00-${TRACE_ID}-${SPAN_ID}-${flags}`;
    expect(traceParent({ traceparent })).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, isSampled });
  });

  it.each([
    undefined,
    '',
    `00-${TRACE_ID}-${SPAN_ID}`,
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `00-${TRACE_ID}-${SPAN_ID}-01\n`,
  ])('takes %j for no parent', (traceparent) => {
    expect(traceParent({ traceparent })).toBeUndefined();
  });
});
