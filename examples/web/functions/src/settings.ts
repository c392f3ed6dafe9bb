/** The Firebase project, as the SDK in the function needs it. */
export interface ProjectSettings {
  readonly projectId: string;
  /** Web API key; not a secret. */
  readonly apiKey: string;
  readonly emulated: boolean;
  /** `host:port` */
  readonly authEmulatorHost: string | undefined;
  readonly firestoreEmulatorHost: string | undefined;
}

/** What a page needs to register its browser for notifications; nothing of it is a secret. */
export interface PushSettings {
  readonly firebase: {
    readonly apiKey: string;
    readonly appId: string;
    readonly messagingSenderId: string;
    readonly projectId: string;
  };
  /** The public key of the project's web push certificate. */
  readonly vapidKey: string;
}

/** Only in `npm start`, where browsers reach no push service: the page itself asks what has arrived. */
export interface SimulatedPush {
  /** The simulated FCM of `npm start`. */
  readonly fcmOrigin: string;
  readonly projectId: string;
}

export interface Settings {
  readonly project: ProjectSettings;
  /** Undefined where notifications are not configured: the pages do not offer them. */
  readonly push: PushSettings | SimulatedPush | undefined;
  /** Only in `npm start`: where the sign-in page gets codes of simulated Tiki customers. */
  readonly simulatorOrigin: string | undefined;
  /** Only in `npm start`: the origin of the page that stands in for the Tini App. */
  readonly tiniAppOrigin: string | undefined;
}

/** @throws Error that names what is missing, where one of the settings is there */
function readPush(
  env: NodeJS.ProcessEnv,
  required: (name: string) => string,
): PushSettings | undefined {
  if (!env['WEB_APP_ID'] && !env['WEB_SENDER_ID'] && !env['WEB_VAPID_KEY']) return undefined;
  return {
    firebase: {
      apiKey: required('WEB_API_KEY'),
      appId: required('WEB_APP_ID'),
      messagingSenderId: required('WEB_SENDER_ID'),
      projectId: required('GCLOUD_PROJECT'),
    },
    vapidKey: required('WEB_VAPID_KEY'),
  };
}

function simulatedPush(
  fcmOrigin: string | undefined,
  required: (name: string) => string,
): SimulatedPush | undefined {
  return fcmOrigin === undefined ? undefined : { fcmOrigin, projectId: required('GCLOUD_PROJECT') };
}

/** @throws Error that names what is missing */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const emulated = env['FUNCTIONS_EMULATOR'] === 'true';
  const required = (name: string) => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set: add it to functions/.env.<project>`);
    return value;
  };
  const simulated = (name: string) => (emulated ? env[name] || undefined : undefined);
  return {
    project: {
      // Set by Cloud Functions.
      projectId: required('GCLOUD_PROJECT'),
      apiKey: required('WEB_API_KEY'),
      emulated,
      authEmulatorHost: env['FIREBASE_AUTH_EMULATOR_HOST'] || undefined,
      firestoreEmulatorHost: env['FIRESTORE_EMULATOR_HOST'] || undefined,
    },
    push: readPush(env, required) ?? simulatedPush(simulated('FCM_ORIGIN'), required),
    simulatorOrigin: simulated('SIMULATOR_ORIGIN'),
    tiniAppOrigin: simulated('TINI_APP_ORIGIN'),
  };
}
