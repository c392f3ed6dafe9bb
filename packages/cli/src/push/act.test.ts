import { runBridge } from '../run';
import { describeStatus } from './act';

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

const finished = (failures: Readonly<Record<string, number>>) =>
  ({ state: 'finished', summary: { successes: 1, failures } }) as const;

it.each([
  [
    'waiting',
    { state: 'waiting', answered: 1, left: 2 } as const,
    'npm run doctor -- --project shop',
  ],
  [
    'failed',
    finished({ 'gave-up': 1 }),
    'npx firebase functions:log --only pushNotification --project shop',
  ],
])('tells the command that says more of a notification that is %s', (_, status, command) => {
  expect(describeStatus(status, 'shop')).toContain(command);
});

it('leaves it at the count where a device is gone', () => {
  expect(describeStatus(finished({ 'registration-token-not-registered': 2 }), 'shop')).toBe(
    'Sent to 1 device; failed: 2 × registration-token-not-registered.',
  );
});
