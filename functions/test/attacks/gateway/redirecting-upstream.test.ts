import { DOCUMENTS, ID_TOKEN, problemOf, startTestGateway } from '../../gateway/support/gateway';
import { startUpstream } from '../../gateway/support/upstream';

/** Attack: an impostor of Google redirects the caller's token elsewhere. */
describe('a redirecting upstream', () => {
  it.each([300, 301, 302, 303, 304, 307, 308])(
    'is neither followed nor forwarded with status %d',
    async (status) => {
      const [gateway, elsewhere] = await Promise.all([startTestGateway(), startUpstream()]);
      for (const upstream of [gateway.firestore, gateway.auth]) {
        upstream.answer((response) =>
          response.writeHead(status, { Location: `http://${elsewhere.host}/` }).end(),
        );
      }
      const answers = [
        await gateway.fetch(`${DOCUMENTS}/users/7`, {
          headers: { Authorization: `Bearer ${ID_TOKEN}` },
          redirect: 'manual',
        }),
        await gateway.post('/securetoken/v1/token', { refresh_token: 'canary' }),
      ];
      await Promise.all([gateway.close(), elsewhere.close()]);
      for (const answer of answers) {
        expect(answer.headers.get('location')).toBeNull();
        expect(await problemOf(answer)).toEqual([502, 'upstream-bad-response']);
      }
      expect(elsewhere.seen).toEqual([]);
    },
  );
});
