import { readJson, recordOf, stringIn } from '../json';
import type { Store } from '../state';
import type { BackendReply } from './backend-reply';

async function whoami(fetch: typeof globalThis.fetch, idToken: string): Promise<string> {
  const headers = { Authorization: `Bearer ${idToken}` };
  const response = await fetch('/backend/whoami', { headers });
  const answer = recordOf(await readJson(response));
  if (response.ok) return stringIn(answer, 'uid');
  throw new Error(`${stringIn(answer, 'code')}: ${stringIn(answer, 'detail')}`);
}

/** `GET /backend/whoami` as the user who is logged in; the answer is written to the store. */
export function createAskBackend(store: Store, fetch: typeof globalThis.fetch): () => void {
  return () => {
    const { session, backend } = store.state;
    if (session.state !== 'in' || backend?.state === 'asking') return;
    const show = (reply: BackendReply) => {
      const now = store.state.session;
      if (now.state === 'in' && now.user === session.user) store.update({ backend: reply });
    };
    show({ state: 'asking' });
    whoami(fetch, session.idToken).then(
      (uid) => {
        show({ state: 'answered', uid });
      },
      (error: unknown) => {
        show({ state: 'failed', detail: error instanceof Error ? error.message : String(error) });
      },
    );
  };
}
