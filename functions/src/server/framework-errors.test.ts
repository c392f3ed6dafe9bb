import { quietFramework } from './framework-errors';

function guardedConsole(env: NodeJS.ProcessEnv = {}) {
  const written: unknown[][] = [];
  const target = { error: (...args: unknown[]) => written.push(args) } as unknown as Console;
  quietFramework(env, target);
  return { target, written, env };
}

describe('quietFramework', () => {
  it.each(['entity.parse.failed', 'encoding.unsupported', 'request.aborted'])(
    'prints nothing of an error of the body parser (%s)',
    (type) => {
      const { target, written } = guardedConsole();
      target.error(Object.assign(new SyntaxError('canary'), { type, body: 'canary' }));
      expect(written).toHaveLength(1);
      expect(written[0]).toEqual(['A request that could not be read was refused.']);
    },
  );

  it('prints nothing of its stack either', () => {
    const { target, written } = guardedConsole();
    target.error(
      'SyntaxError: Unexpected token, "{"code":"canary\n" is not valid JSON\n' +
        '    at parse (/x/node_modules/body-parser/lib/types/json.js:93:21)',
    );
    expect(written).toHaveLength(1);
    expect(JSON.stringify(written)).not.toContain('canary');
  });

  it('prints nothing of a path that cannot be decoded', () => {
    const { target, written } = guardedConsole();
    target.error(new URIError('canary%ff'));
    target.error("URIError: Failed to decode param 'canary%ff'\n    at decodeURIComponent");
    expect(JSON.stringify(written)).not.toContain('canary');
  });

  it('leaves everything else as it is', () => {
    const { target, written } = guardedConsole();
    const error = Object.assign(new SyntaxError('other'), { type: 1 });
    target.error('SyntaxError: other', 1);
    target.error(error);
    target.error();
    expect(written).toEqual([['SyntaxError: other', 1], [error], []]);
  });

  it('keeps an environment that somebody has chosen', () => {
    expect(guardedConsole().env['NODE_ENV']).toBe('production');
    expect(guardedConsole({ NODE_ENV: '' }).env['NODE_ENV']).toBe('production');
    expect(guardedConsole({ NODE_ENV: 'staging' }).env['NODE_ENV']).toBe('staging');
  });
});
