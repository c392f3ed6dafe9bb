import { randomUUID } from 'node:crypto';
import http2 from 'node:http2';
import tls from 'node:tls';
import { type AccessTokens, createAccessTokens } from '@tiki-bridge/testing/google/access-tokens';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { FCM_HOST, type FcmFake, startFcm } from '@tiki-bridge/testing/google/fcm';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging, type Messaging } from 'firebase-admin/messaging';

export interface Sender {
  readonly fcm: FcmFake;
  /** Those that it accepts. */
  readonly tokens: AccessTokens;
  /** The Admin SDK, whose sessions end at the fake. */
  readonly messaging: Messaging;
  close(): Promise<void>;
}

/** The real Admin SDK over HTTP/2 and TLS to a strict fake of FCM. */
export async function startSender(projectId: string): Promise<Sender> {
  const certificates = await makeCertificates([FCM_HOST]);
  const tokens = createAccessTokens({ now: Date.now, lifetimeSeconds: 3_600 });
  const fcm = await startFcm({ projectId, tokens, tls: certificates });
  const port = Number(fcm.address.split(':')[1]);

  const original = http2.connect;
  const connect = (
    authority: string,
    options: http2.SecureClientSessionOptions,
    listener: () => void,
  ) => {
    // Firestore's client has sessions too.
    if (authority !== `https://${FCM_HOST}`) return original(authority, options, listener);
    const session = original(authority, {
      ...options,
      createConnection: () =>
        tls.connect({
          ...{ host: '127.0.0.1', port, servername: FCM_HOST, ca: certificates.caPem },
          ALPNProtocols: ['h2'],
        }),
    });
    const request = session.request.bind(session);
    // The SDK writes `https:`, which Node's server refuses.
    session.request = (headers, ...rest) => request({ ...headers, ':scheme': 'https' }, ...rest);
    return session;
  };
  // The SDK uses this overload only.
  const spy = jest.spyOn(http2, 'connect').mockImplementation(connect as typeof http2.connect);

  const credential = {
    getAccessToken: () => {
      const { access_token, expires_in } = tokens.issue('sender@example.com');
      return Promise.resolve({ access_token, expires_in });
    },
  };
  const app = initializeApp({ credential, projectId }, randomUUID());
  return {
    fcm,
    tokens,
    messaging: getMessaging(app),
    close: async () => {
      spy.mockRestore();
      await deleteApp(app);
      await fcm.close();
    },
  };
}
