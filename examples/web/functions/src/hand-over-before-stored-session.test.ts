import { type PageRequest, respond, type Visitor } from './respond';

/** Left in the web-view by whoever used the Tini App before. */
const STORED: Visitor = {
  uid: 'tiki:1002',
  name: 'Trần Thị Bình',
  idToken: 'a.b.c',
  via: 'header',
};

const pageAt = (url: string, visitor: Visitor | undefined) => {
  const request: PageRequest = { method: 'GET', url, acceptLanguage: 'vi' };
  return respond(request, {
    settings: {
      project: {
        projectId: 'demo-tiki-bridge',
        apiKey: 'key',
        emulated: false,
        authEmulatorHost: undefined,
        firestoreEmulatorHost: undefined,
      },
      simulatorOrigin: undefined,
      push: undefined,
      tiniAppOrigin: undefined,
    },
    assets: {
      styles: '/a.css',
      signIn: '/sign-in.js',
      profile: '/profile.js',
      premium: '/premium.js',
      notifications: '/notifications.js',
      simulatedNotifications: '/simulated-notifications.js',
      tiniApp: '/tini.js',
    },
    verify: () => Promise.resolve({ visitor, setCookie: undefined }),
    now: Date.now,
  });
};

it('asks the app who is there, whoever is signed in', async () => {
  for (const visitor of [STORED, undefined]) {
    const { status, body } = await pageAt('/?from=app', visitor);
    expect(status).toBe(200);
    expect(body).toContain('data-state="signing-in"');
    expect(body).not.toContain(STORED.name);
  }
});

it('sends a signed-in visitor of the start page to the profile', async () => {
  const { status, headers } = await pageAt('/', STORED);
  expect({ status, location: headers['Location'] }).toEqual({ status: 302, location: '/profile' });
});
