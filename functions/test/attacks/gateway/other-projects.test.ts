import {
  DOCUMENTS,
  PROJECT,
  startTestGateway,
  type TestGateway,
} from '../../gateway/support/gateway';
import { sendTarget } from '../../gateway/support/raw';

/** Attack: the gateway is used to reach the data or the users of another project. */
describe('other projects', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it.each([
    'victim-project',
    `${PROJECT}2`,
    `x${PROJECT}`,
    PROJECT.toUpperCase(),
    `${PROJECT}%20`,
    '%64emo-tiki-bridge',
    `${PROJECT}.victim-project`,
    `victim-project:${PROJECT}`,
    `victim-project%2F..%2F${PROJECT}`,
    '-',
    '*',
    '',
  ])('are not reached under the name %j', async (project) => {
    const target = DOCUMENTS.replace(PROJECT, project);
    const answers = await Promise.all([
      sendTarget(gateway.origin, `${target}/users/7`),
      sendTarget(gateway.origin, `${target}:commit`, 'POST'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(gateway.firestore.seen).toEqual([]);
  });

  it.each(['key=victim-key', 'key=', 'key=victim-key%26key=other'])(
    'are not reached with their API key: %s',
    async (query) => {
      const before = gateway.auth.seen.length;
      await gateway.post(`/identitytoolkit/v1/accounts:lookup?${query}`, { idToken: 'a' });
      expect(gateway.auth.seen.slice(before).map(({ target }) => target)).toEqual([
        '/identitytoolkit.googleapis.com/v1/accounts:lookup?key=canary-web-api-key',
      ]);
    },
  );

  it('are not reached with an API key in place of an ID token', async () => {
    await gateway.fetch(`${DOCUMENTS}/users/7?key=victim-key`);
    expect(gateway.firestore.seen.at(-1)?.target).not.toContain('key');
  });

  it('are not reached with two API keys', async () => {
    const before = gateway.auth.seen.length;
    const path = '/identitytoolkit/v1/accounts:lookup?key=a&key=victim-key';
    expect((await gateway.post(path, {})).status).toBe(400);
    expect(gateway.auth.seen).toHaveLength(before);
  });

  it("are not reached through Google's own headers", async () => {
    await gateway.fetch(`${DOCUMENTS}/users/7`, {
      headers: {
        'X-Goog-Request-Params': 'project_id=victim-project',
        'Google-Cloud-Resource-Prefix': 'projects/victim-project/databases/(default)',
        'X-Goog-User-Project': 'victim-project',
        'X-Goog-Api-Key': 'victim-key',
      },
    });
    expect(JSON.stringify(gateway.firestore.seen.at(-1))).not.toMatch(/victim|x-goog/i);
  });

  it.each([
    '/identitytoolkit/v1/projects/victim-project/accounts:lookup',
    '/identitytoolkit/v1/projects/demo-tiki-bridge/accounts:lookup',
    '/identitytoolkit/v1/projects/demo-tiki-bridge/tenants/t/accounts:lookup',
  ])("are not reached through the administrators' form %s", async (path) => {
    expect((await gateway.post(path, {})).status).toBe(404);
  });
});
