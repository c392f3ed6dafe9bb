import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { isLoopbackHost, isLoopbackOrigin } from '@tiki-bridge/tiki-simulator/loopback';
import type { FcmMessage } from '../google/fcm-message';
import { startGoogleFakes } from '../google/google-fakes';
import { LOOPBACK } from './ports';

export interface FcmEmulator {
  /**
   * `GET <origin>/messages?token=<registration token>`: what a device shows of the messages to it, and
   * `GET <origin>/`: all messages that FCM has taken, as they were sent.
   */
  readonly origin: string;
  /** Parameters for the functions, which send to it as to FCM itself. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** What a device would show. */
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly path: string;
  readonly tag: string;
}

/** Web pages get data only; on a phone, the system shows the notification. */
function shownBy({ notification, data = {}, android, apns, webpush }: FcmMessage): Shown {
  return {
    title: notification?.title ?? data['title'] ?? '',
    body: notification?.body ?? data['body'] ?? '',
    path: data['path'] ?? '/',
    tag:
      android?.notification?.tag ??
      apns?.headers?.['apns-collapse-id'] ??
      webpush?.headers?.['Topic'] ??
      '',
  };
}

/** Each tag once, as devices do: a message that is sent again replaces the earlier one. */
function devicesShow(messages: readonly FcmMessage[]): Shown[] {
  return [...new Map(messages.map(shownBy).map((shown) => [shown.tag, shown])).values()];
}

/** Node's options for the functions: other addresses for Google's hosts, and what the SDK needs there. */
function withPreloads(options: string): string {
  const files = ['map-hosts.cjs', 'correct-http2-scheme.cjs'].map((file) =>
    path.join(__dirname, '..', 'google', file),
  );
  // Quoted as Node reads this variable: a path may have spaces or, on Windows, backslashes.
  return [options, ...files.map((file) => `--require ${JSON.stringify(file)}`)].join(' ').trim();
}

/**
 * There is no FCM emulator, and the Admin SDK sends to no other host than Google's. So this is our strict
 * fake of FCM's HTTP v1 API, to which the functions' connections are redirected, with a service account
 * that exists nowhere else. Whatever else the functions connect to outside of this machine fails.
 *
 * @param settings.folder For the certificates and the key of that account; removed by `stop`.
 * @param settings.nodeOptions Of the functions: NODE_OPTIONS as it was.
 */
export async function startFcmEmulator(settings: {
  readonly projectId: string;
  readonly folder: string;
  readonly nodeOptions: string;
}): Promise<FcmEmulator> {
  const google = await startGoogleFakes(settings);

  /** Only for programs and pages of this machine. */
  function answerTo({ url = '', headers }: IncomingMessage): object | undefined {
    const { host, origin } = headers;
    if (!isLoopbackHost(host) || (origin !== undefined && !isLoopbackOrigin(origin))) {
      return undefined;
    }
    const { pathname, searchParams } = new URL(`http://localhost${url}`);
    if (pathname === '/') return google.fcm.messages;
    if (pathname !== '/messages') return undefined;
    const token = searchParams.get('token');
    return devicesShow(google.fcm.messages.filter((message) => message.token === token));
  }

  const server = createServer((request, response) => {
    const answer = answerTo(request);
    const { origin } = request.headers;
    response.writeHead(answer ? 200 : 404, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(answer && origin !== undefined && { 'Access-Control-Allow-Origin': origin }),
      Vary: 'Origin',
    });
    response.end(JSON.stringify(answer ?? { error: 'not-found' }));
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not bound to a TCP port');
  return {
    origin: `http://${LOOPBACK}:${address.port}`,
    env: {
      NODE_OPTIONS: withPreloads(settings.nodeOptions),
      NODE_EXTRA_CA_CERTS: google.caFile,
      MAP_HOSTS: JSON.stringify(google.mapHosts),
      GOOGLE_APPLICATION_CREDENTIALS: google.keyFile,
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await google.close();
    },
  };
}
