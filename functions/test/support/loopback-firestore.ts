import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the store does with a commit: counts, answers something else, or never answers. */
export type Behaviour = 'counts' | 'silent' | { readonly status: number; readonly body: string };

export interface Commit {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface LoopbackFirestore {
  /** `host:port`, as FIRESTORE_EMULATOR_HOST has it. */
  readonly host: string;
  readonly commits: readonly Commit[];
  /** The ends of the windows that were counted in, whoever counted what. */
  readonly windows: ReadonlySet<string>;
  /** Settles when the first caller that got no answer has hung up. */
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

/** As much of Firestore's REST API as one increment takes, for tests that need its bad days. */
export async function startLoopbackFirestore(): Promise<LoopbackFirestore> {
  let behaviour: Behaviour = 'counts';
  const commits: Commit[] = [];
  const counts = new Map<string, number>();
  const windows = new Set<string>();

  function increment(body: unknown): string {
    // The request's shape is what the tests of the real emulator prove.
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
