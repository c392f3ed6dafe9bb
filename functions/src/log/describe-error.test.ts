import { AxiosError } from 'axios';
import { describeError } from './describe-error';

describe('describeError', () => {
  it('keeps name, code and frames', () => {
    const error = Object.assign(new TypeError('bad thing'), { code: 'ERR_BAD' });
    const described = describeError(error, []);
    expect(described).toMatchObject({ name: 'TypeError', message: 'bad thing', code: 'ERR_BAD' });
    expect(described.frames.length).toBeGreaterThan(0);
    expect(described.frames.every((frame) => frame.startsWith('at '))).toBe(true);
  });

  it('includes nothing of the request in an axios error', () => {
    const config = { headers: { a: 'canary' }, data: '{"code":"canary"}', url: 'https://canary' };
    const error = new AxiosError('failed', 'ECONNRESET', config as never);
    expect(JSON.stringify(describeError(error, []))).not.toContain('canary');
  });

  it('masks secrets even when a message imitates a stack trace', () => {
    const error = new Error('line\n    at canary (file:1:1)\n    at canary');
    const described = describeError(error, ['canary']);
    expect(JSON.stringify(described)).not.toContain('canary');
  });

  it('handles a missing stack, and drops an invalid name', () => {
    const error = new Error('');
    error.stack = '';
    error.name = 'a name\nwith a line';
    expect(describeError(error, [])).toEqual({ name: 'Error', message: '', frames: [] });
    Reflect.deleteProperty(error, 'stack');
    expect(describeError(error, []).frames).toEqual([]);
  });

  it.each([undefined, null, 'canary', { message: 'canary' }])(
    'reports only the type of %j',
    (thrown) => {
      expect(describeError(thrown, [])).toEqual({ name: typeof thrown, message: '', frames: [] });
    },
  );
});
