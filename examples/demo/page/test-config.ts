/** For tests: a demo with Firestore, whose addresses nobody listens on. */
export const CONFIG = {
  projectId: 'demo',
  authEmulatorOrigin: 'http://127.0.0.1:1',
  simulatorOrigin: 'http://127.0.0.1:2',
  firestore: { available: true, host: '127.0.0.1', port: 3 },
  premiumOrigin: 'http://127.0.0.1:4',
  webOrigin: undefined,
  fcmOrigin: undefined,
  emulatorUiOrigin: undefined,
} as const;
