import { applicationDefault, type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { getDatabase } from 'firebase-admin/database';
import { type UserNodes, userNodes } from '../../src/user/nodes';
import { type RealtimeDatabase, startRealtimeDatabase } from './support/realtime-database';

const OTHERS = {
  users: { 'tiki:12': { name: 'Lan' }, tiki: { name: 'nobody' } },
  entitlements: { 'tiki:12': { premiumUntil: 2 } },
};

describe('the nodes of a user', () => {
  let google: RealtimeDatabase;
  let app: App;
  let nodes: UserNodes;
  beforeEach(async () => {
    google = await startRealtimeDatabase();
    const credential = applicationDefault();
    app = initializeApp({ credential, projectId: 'shop', databaseURL: google.url }, google.url);
    nodes = userNodes(getDatabase(app));
    google.content = {
      users: { ...OTHERS.users, 'tiki:1': { name: 'Minh', settings: { dark: true } } },
      entitlements: { ...OTHERS.entitlements, 'tiki:1': { premiumUntil: 1 } },
    };
  });
  afterEach(async () => {
    // An open connection would keep the command from ending.
    await Promise.all([deleteApp(app), google.left()]);
    await google.close();
  });

  it('are shown with the mirror of premium', async () => {
    expect(await nodes.read('tiki:1')).toEqual({
      'users/tiki:1': { name: 'Minh', settings: { dark: true } },
      'entitlements/tiki:1': { premiumUntil: 1 },
    });
    expect(await nodes.read('tiki:2')).toEqual({});
  });

  it('are deleted, and no others; again without harm', async () => {
    await nodes.remove('tiki:1');
    await nodes.remove('tiki:1');

    expect(google.writes).toEqual(['users/tiki:1 = null', 'users/tiki:1 = null']);
    expect(google.content).toEqual({
      users: OTHERS.users,
      // The mirror is deleted with the entitlement.
      entitlements: { ...OTHERS.entitlements, 'tiki:1': { premiumUntil: 1 } },
    });
  });

  it('that may not be deleted are still there, which is said', async () => {
    google.fault = 'denied';
    await expect(nodes.remove('tiki:1')).rejects.toThrow(/permission_denied/i);
    expect(google.writes).toEqual([]);

    await nodes.remove('tiki:1');
    expect(Object.keys(await nodes.read('tiki:1'))).toEqual(['entitlements/tiki:1']);
  });

  it('are deleted, although the connection breaks before the answer', async () => {
    google.fault = 'breaks after it is done';
    await nodes.remove('tiki:1');

    expect(google.writes).toHaveLength(2);
    expect(Object.keys(await nodes.read('tiki:1'))).toEqual(['entitlements/tiki:1']);
  });
});
