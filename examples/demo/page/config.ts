import { readJson, recordOf, stringIn } from './json';

/** Where to find what `npm start` has started; served as `/demo-config.json`. */
export interface DemoConfig {
  readonly projectId: string;
  /** e.g. `http://127.0.0.1:9099`; only displayed, since the page calls only its own origin. */
  readonly authEmulatorOrigin: string;
  readonly simulatorOrigin: string;
  readonly firestore: FirestoreAvailability;
  /** The server that makes customers premium; only with Firestore. */
  readonly premiumOrigin: string | undefined;
  /** Of the web pages that go on with the user's session; undefined where none are served. */
  readonly webOrigin: string | undefined;
  /** What FCM has taken for a device; undefined where no notifications are sent. */
  readonly fcmOrigin: string | undefined;
  /** Only where the Emulator UI runs. */
  readonly emulatorUiOrigin: string | undefined;
}

export type FirestoreAvailability =
  /** Only displayed. */
  | { readonly available: true; readonly host: string; readonly port: number }
  /** `reason` is for the developer who reads the page. */
  | { readonly available: false; readonly reason: string };

export async function loadConfig(): Promise<DemoConfig> {
  const json = recordOf(await readJson(await fetch('/demo-config.json')));
  return {
    projectId: stringIn(json, 'projectId'),
    authEmulatorOrigin: stringIn(json, 'authEmulatorOrigin'),
    simulatorOrigin: stringIn(json, 'simulatorOrigin'),
    firestore: firestoreIn(recordOf(json['firestore'])),
    premiumOrigin: originIn(json, 'premiumOrigin'),
    webOrigin: originIn(json, 'webOrigin'),
    fcmOrigin: originIn(json, 'fcmOrigin'),
    emulatorUiOrigin: originIn(json, 'emulatorUiOrigin'),
  };
}

function originIn(json: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return json[name] === undefined ? undefined : stringIn(json, name);
}

function firestoreIn(json: Readonly<Record<string, unknown>>): FirestoreAvailability {
  if (json['available'] !== true) {
    const reason = json['reason'];
    return { available: false, reason: typeof reason === 'string' ? reason : '' };
  }
  return { available: true, host: stringIn(json, 'host'), port: Number(json['port']) };
}
