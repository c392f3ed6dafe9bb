import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { AT, functionJson, googleError, PROJECT } from '../fakes/google';

const clinic = clinicForEachTest();

const configured = {
  readFile: healthyWorld({
    [`functions/.env.${PROJECT}`]: 'TIKI_CLIENT_KEY=production-key\nPUSH_NOTIFICATIONS=true\n',
  }).readFile,
};
const deployed = functionJson(
  { environmentVariables: { PUSH_NOTIFICATIONS: 'true' } },
  'pushNotification',
);

it('is not needed where PUSH_NOTIFICATIONS is not true', async () => {
  expect(await clinic.find('push')).toMatchObject({ state: 'ok' });
});

it('fails where it is set and the function is not deployed', async () => {
  const routes = { [AT.push]: googleError(404, 'NOT_FOUND') };
  expect(await clinic.find('push', routes, configured)).toMatchObject({
    state: 'failed',
    remedy: 'npx firebase deploy --only functions,firestore:indexes --project tiki-shop',
  });
});

it.each([
  ['ENABLED', { state: 'ok' }],
  [
    'DISABLED',
    {
      state: 'failed',
      remedy: `gcloud services enable fcm.googleapis.com --project ${PROJECT}`,
    },
  ],
])('needs the API of FCM: %s', async (state, expected) => {
  const routes = { [AT.push]: deployed, [AT.fcmApi]: jsonAnswer(200, { state }) };
  expect(await clinic.find('push', routes, configured)).toMatchObject(expected);
});

it('fails for a server key of the legacy APIs, and does not print it', async () => {
  const env = { FCM_SERVER_KEY: `AAAAabc-_12:APA91b${'x'.repeat(130)}` };
  const finding = await clinic.find('legacy-fcm-keys', {}, { env });
  expect(finding).toMatchObject({ state: 'failed' });
  expect(JSON.stringify(finding)).not.toContain('APA91b');
});
