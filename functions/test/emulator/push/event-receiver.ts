import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An event as Eventarc delivers it. */
export interface DocumentEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface EventReceiver {
  /** `127.0.0.1:<port>`, for `functionsEmulator` of the Firestore engine. */
  readonly address: string;
  /** The event of one document, as soon as it is there. */
  eventOf(document: string): Promise<DocumentEvent>;
  close(): Promise<void>;
}

/**
 * Stands between Firestore and the functions: keeps the events, so that a test decides when, how often
 * and in which order each is delivered.
 */
export async function startEventReceiver(): Promise<EventReceiver> {
  const events = new Map<string, DocumentEvent>();
  const waiting = new Map<string, (event: DocumentEvent) => void>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.end();
      const kept = Object.entries(request.headers).filter(
        ([name, value]) => typeof value === 'string' && /^(?:ce-|content-type$)/.test(name),
      );
      const headers = Object.fromEntries(kept) as Record<string, string>;
      const document = headers['ce-document'];
      if (document === undefined) return;
      // The emulator sends Base64 text, and calls it protobuf.
      const event = { headers, body: Buffer.from(body, 'base64') };
      events.set(document, event);
      waiting.get(document)?.(event);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    eventOf: (document) => {
      const known = events.get(document);
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => waiting.set(document, resolve));
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Asks Firestore to send the events of a trigger, as the Firebase CLI does. */
export async function registerTrigger(
  host: string,
  projectId: string,
  trigger: { readonly name: string; readonly eventType: string; readonly document: string },
): Promise<void> {
  const answer = await fetch(
    `http://${host}/emulator/v1/projects/${projectId}/eventarcTrigger?eventarcTriggerId=asia-southeast1-${trigger.name}-0`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        eventType: trigger.eventType,
        database: '(default)',
        namespace: '(default)',
        document: { value: trigger.document, matchType: 'PATH_PATTERN' },
      }),
    },
  );
  if (!answer.ok) throw new Error(await answer.text());
}

/** Delivers an event to a function. @returns whether it was acknowledged */
export async function deliverTo(origin: string, { headers, body }: DocumentEvent) {
  const answer = await fetch(origin, { method: 'POST', headers, body: new Uint8Array(body) });
  await answer.arrayBuffer();
  return answer.ok;
}
