import { DOCUMENTS, startTestGateway, type TestGateway } from '../../gateway/support/gateway';
import { sendTarget } from '../../gateway/support/raw';

/** Attack: a database of the project that is not for clients is read through the gateway. */
describe('other databases', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it.each([
    'backoffice',
    'default',
    '(DEFAULT)',
    '%28default%29',
    '(default)%2F..%2Fbackoffice',
    '(default);backoffice',
    '((default))',
    '',
    '-',
  ])('are not reached under the name %j', async (database) => {
    const target = DOCUMENTS.replace('(default)', database);
    expect((await sendTarget(gateway.origin, `${target}/users/7`)).status).toBe(404);
    expect(gateway.firestore.seen).toEqual([]);
  });

  it.each(['', '/(default)', '/(default)/collectionGroups/a/indexes', '/(default)/operations'])(
    'cannot be administered: %s',
    async (below) => {
      const target = `/firestore/v1/projects/demo-tiki-bridge/databases${below}`;
      expect((await sendTarget(gateway.origin, target)).status).toBe(404);
      expect(gateway.firestore.seen).toEqual([]);
    },
  );
});
