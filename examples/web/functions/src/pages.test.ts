import { frameFor } from './pages/layout';
import { premiumPage } from './pages/premium';
import { profilePage } from './pages/profile';
import { signInPage } from './pages/sign-in';
import { pageHeaders } from './headers';
import { toText } from './html';
import { respond } from './respond';
import { readSettings, type Settings } from './settings';

const ATTACK = `"><img src=x onerror='alert(1)'>`;
const ESCAPED = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;';
const NOW = Date.UTC(2026, 10, 26);

const ASSETS = {
  styles: '/styles.css',
  signIn: '/sign-in.js',
  profile: '/profile.js',
  premium: '/premium.js',
  notifications: '/notifications.js',
  simulatedNotifications: '/simulated-notifications.js',
  tiniApp: '/tini-app.js',
};
const frame = frameFor({ language: 'en', chosen: false }, ASSETS);

const read = (fields: Readonly<Record<string, unknown>>) => ({ state: 'read' as const, fields });

describe('the pages', () => {
  it('escape what users and documents say', () => {
    const profile = { uid: ATTACK, name: ATTACK, entitlement: read({ premiumUntil: ATTACK }) };
    const pages = [
      profilePage(frame, profile, NOW),
      premiumPage(frame, [read({ en: ATTACK }), read({ en: { toString: ATTACK } })]),
    ].map(toText);

    expect(pages.map((page) => page.split(ESCAPED).length - 1)).toEqual([2, 1]);
    expect(pages.join('')).not.toContain('<img');
  });

  it.each([
    [read({ premiumUntil: NOW + 1 }), 'yes'],
    [read({ premiumUntil: NOW }), 'no'],
    [read({}), 'no'],
    [{ state: 'missing' as const }, 'no'],
    [{ state: 'denied' as const }, 'unknown'],
    [{ state: 'unavailable' as const }, 'unknown'],
  ])('show premium by the record %j: %s', (entitlement, shown) => {
    const page = toText(profilePage(frame, { uid: 'tiki:1', name: null, entitlement }, NOW));

    expect(page).toContain(`data-premium="${shown}"`);
  });

  it('offer notifications where they are configured, and allow what they call', () => {
    const env = { GCLOUD_PROJECT: 'my-project', WEB_API_KEY: 'key' };
    const push = { WEB_APP_ID: '1:2:web:3', WEB_SENDER_ID: '2', WEB_VAPID_KEY: 'B' };
    const [without, configured] = [readSettings(env), readSettings({ ...env, ...push })];
    const profile = { uid: 'tiki:1', name: null, entitlement: read({}) };
    const pageWith = (settings: Settings) =>
      toText(profilePage(frame, profile, NOW, settings.push));
    const policyWith = (settings: Settings) => pageHeaders(settings)['Content-Security-Policy'];

    expect(pageWith(without)).not.toContain('notifications');
    expect(policyWith(without)).toContain("connect-src 'self';");
    expect(pageWith(configured)).toContain('src="/notifications.js"');
    expect(pageWith(configured)).toContain('&quot;appId&quot;:&quot;1:2:web:3&quot;');
    expect(policyWith(configured)).toContain('https://fcmregistrations.googleapis.com');
    expect(() => readSettings({ ...env, WEB_VAPID_KEY: 'B' })).toThrow('WEB_APP_ID');
  });

  it.each(['//', '/\\', '/nothing'])('are not found at %s', async (url) => {
    const settings = readSettings({ GCLOUD_PROJECT: 'my-project', WEB_API_KEY: 'key' });
    const verify = () => Promise.reject(new Error('nobody is asked for'));
    const request = { method: 'GET', url, acceptLanguage: 'en' };

    expect(
      await respond(request, { settings, assets: ASSETS, verify, now: () => NOW }),
    ).toMatchObject({ status: 404 });
  });

  it('know no simulator and no stand-in for the app outside of the emulators', () => {
    const deployed = readSettings({
      GCLOUD_PROJECT: 'my-project',
      WEB_API_KEY: 'key',
      SIMULATOR_ORIGIN: 'http://127.0.0.1:9010',
      TINI_APP_ORIGIN: 'http://127.0.0.1:5002',
      FCM_ORIGIN: 'http://127.0.0.1:9020',
    });
    const page = toText(signInPage(frame, deployed, false));

    expect(page).not.toMatch(/127\.0\.0\.1|data-customer|tini-app\.js/);
    expect(deployed.push).toBeUndefined();
  });
});
