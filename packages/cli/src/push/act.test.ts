import { runBridge } from '../run';

const KEY = `AAAAabc-_12:APA91b${'x'.repeat(130)}`;

it('refuses a server key of the legacy APIs before it looks for a target', async () => {
  const { code, stdout, stderr } = await runBridge(
    ['push', 'send', 'tiki:1', '--title', 'a', '--body', 'b'],
    { OLD_SERVER_KEY: KEY },
  );
  expect(code).toBe(2);
  expect(stderr).toContain('OLD_SERVER_KEY is a server key');
  expect(stderr).toContain('docs/push.md');
  expect(stdout + stderr).not.toContain('APA91b');
});
