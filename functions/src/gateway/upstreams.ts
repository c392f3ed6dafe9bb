/** The three of Google's services that a client needs, each by the base of its addresses. */
export interface Upstreams {
  readonly identityToolkit: URL;
  readonly secureToken: URL;
  readonly firestore: URL;
}

export type UpstreamName = keyof Upstreams;

export interface EmulatorHosts {
  /** `host:port` */
  readonly auth: string | undefined;
  /** `host:port` */
  readonly firestore: string | undefined;
}

/** The Auth emulator serves several of Google's hosts and tells them apart by the path. */
function authService(host: string, emulator: string | undefined): URL {
  return new URL(emulator === undefined ? `https://${host}` : `http://${emulator}/${host}`);
}

/** Google's addresses, or those of the emulators that are configured. */
export function upstreamsFor({ auth, firestore }: EmulatorHosts): Upstreams {
  return {
    identityToolkit: authService('identitytoolkit.googleapis.com', auth),
    secureToken: authService('securetoken.googleapis.com', auth),
    firestore: new URL(
      firestore === undefined ? 'https://firestore.googleapis.com' : `http://${firestore}`,
    ),
  };
}
