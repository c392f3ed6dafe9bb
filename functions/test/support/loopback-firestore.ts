import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How commits are handled: counted, answered with an error, or never answered. */
export type Behaviour = 'counts' | 'silent' | { readonly status: number; readonly body: string };

export interface Commit {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface LoopbackFirestore {
  /** `host:port`, the format of FIRESTORE_EMULATOR_HOST. */
  readonly host: string;
  readonly commits: readonly Commit[];
  /** The ends of all windows with counts. */
  readonly windows: ReadonlySet<string>;
  /** Resolves when the first unanswered caller has disconnected. */
  readonly abandoned: Promise<void>;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

interface OneIncrement {
  readonly writes: readonly [
    {
      readonly update: {
        readonly name: string;
        readonly fields: { readonly expiresAt: { readonly timestampValue: string } };
      };
      readonly updateTransforms: readonly [
        { readonly increment: { readonly integerValue: string } },
      ];
    },
  ];
}

/** The part of Firestore's REST API for one increment, for tests of its failures. */
export async function startLoopbackFirestore(): Promise<LoopbackFirestore> {
  let behaviour: Behaviour = 'counts';
  const commits: Commit[] = [];
  const counts = new Map<string, number>();
  const windows = new Set<string>();

  function increment(body: unknown): string {
    // The tests with the real emulator prove this shape.
    const [{ update, updateTransforms }] = (body as OneIncrement).writes;
    const points = Number(updateTransforms[0].increment.integerValue);
    const count = (counts.get(update.name) ?? 0) + points;
    counts.set(update.name, count);
    windows.add(update.fields.expiresAt.timestampValue);
    return JSON.stringify({ writeResults: [{ transformResults: [{ integerValue: `${count}` }] }] });
  }

  async function receive(request: IncomingMessage): Promise<unknown> {
    const body: unknown = JSON.parse(await text(request));
    commits.push({ path: request.url, authorization: request.headers.authorization, body });
    return body;
  }

  let hungUp: () => void = () => undefined;
  const abandoned = new Promise<void>((resolve) => (hungUp = resolve));
  const server = createServer((request, response) => {
    void receive(request).then((body) => {
      if (behaviour === 'silent') {
        response.once('close', hungUp);
        return;
      }
      const answer = behaviour === 'counts' ? { status: 200, body: increment(body) } : behaviour;
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    commits,
    windows,
    abandoned,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
