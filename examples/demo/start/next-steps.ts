import { setTimeout as delay } from 'node:timers/promises';

/** Pause between two probes, in ms. */
const INTERVAL_MS = 250;

/** What to do beside `npm run serve`. */
export const nextSteps = (origin: string) => `
The bridge answers at ${origin}. In other terminals:

  npm run tiki-simulator
      Tiki's Open API for the functions. It prints how to get an auth code; log in with it:
      curl ${origin}/auth_exchange -H 'Content-Type: application/json' -d '{"code":"<code>"}'
  npm run tini-app -- <folder of your app> <its baseUrl>
      your own pages, against these emulators
  npm run build
      builds the functions after a change; the emulator loads them by itself

There is no Firestore here. With it, and with a demo page: npm start
`;

/** Resolves once the bridge answers through Hosting, or when the signal aborts. */
export async function untilReady(origin: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // 400, because no code was sent. Hosting itself answers earlier, and with other statuses.
    const answer = await fetch(`${origin}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
      signal,
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 400) return;
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
