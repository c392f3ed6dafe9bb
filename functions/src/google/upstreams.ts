/** Base URLs of the Google services that a client needs. */
export interface Upstreams {
  readonly identityToolkit: URL;
  readonly secureToken: URL;
  readonly firestore: URL;
  /** Cloud Storage for Firebase, whose rules decide; not Cloud Storage itself. */
  readonly storage: URL;
}

export type UpstreamName = keyof Upstreams;

export interface EmulatorHosts {
  /** `host:port` */
  readonly auth: string | undefined;
  /** `host:port` */
  readonly firestore: string | undefined;
  /** `host:port` */
  readonly storage?: string | undefined;
}

/** The Auth emulator serves several Google hosts, each below a path of its name. */
function authService(host: string, emulator: string | undefined): URL {
  return new URL(emulator === undefined ? `https://${host}` : `http://${emulator}/${host}`);
}

function service(host: string, emulator: string | undefined): URL {
  return new URL(emulator === undefined ? `https://${host}` : `http://${emulator}`);
}

/** Google's addresses, or those of the emulators that are configured. */
export function upstreamsFor({ auth, firestore, storage }: EmulatorHosts): Upstreams {
  return {
    identityToolkit: authService('identitytoolkit.googleapis.com', auth),
    secureToken: authService('securetoken.googleapis.com', auth),
    firestore: service('firestore.googleapis.com', firestore),
    storage: service('firebasestorage.googleapis.com', storage),
  };
}
