import { explainLegacyKey, legacyKeyIn, refuseLegacyKey } from '../../src/push/legacy-key';
import { Problem } from '../../src/problem';

const KEY = `AAAAabc-_12:APA91b${'Ab-_9'.repeat(27)}`;
/** A Web API key looks like the oldest server keys. */
const WEB_API_KEY = `AIza${'Sy'.repeat(17)}z`;

it.each([
  ['by its name', { FCM_SERVER_KEY: WEB_API_KEY }, 'FCM_SERVER_KEY'],
  ['by its form', { OLD_KEY: KEY }, 'OLD_KEY'],
  ['in quotes', { OLD_KEY: `"${KEY}"` }, 'OLD_KEY'],
  ['not a Web API key', { WEB_API_KEY }, undefined],
  ['not an empty value', { FCM_SERVER_KEY: '' }, undefined],
  ['not a device token', { TOKEN: `c1a2:APA91b${'x'.repeat(134)}` }, undefined],
] as const)('finds a server key of the legacy APIs: %s', (_, env, name) => {
  expect(legacyKeyIn(env)).toBe(name);
});

it('is refused without being quoted', () => {
  const error = (() => {
    try {
      refuseLegacyKey({ OLD_KEY: KEY });
      return undefined;
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({ code: 'misconfigured' });
  expect(JSON.stringify([error, explainLegacyKey('OLD_KEY')])).not.toContain('APA91b');
});
