/** Base URLs of the three Google services that a client needs. */
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

/** The Auth emulator serves several Google hosts, each below a path of its name. */
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
