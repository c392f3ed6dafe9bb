/**
 * A command that failed. For the developer: nothing of it is meant to be shown to users.
 *
 * Codes of our own:
 *
 * - `unreachable`: the bridge did not answer.
 * - `worker-silent`: the worker did not answer in time. Whether the command took effect is unknown.
 * - `not-in-tini-app`: no Tini App has opened this page.
 * - `app-silent`: the Tini App has not handed the user over in time.
 * - `signed-out`: nobody is signed in whose device this browser could be.
 * - `push-unavailable`: the browser cannot subscribe to push messages, such as without its push service.
 *
 * Others are Firebase's (`auth/invalid-custom-token`, `messaging/token-subscribe-failed`,
 * `firestore/permission-denied`) or the bridge's (`forbidden`).
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  constructor(readonly code: string) {
    super(code);
  }
}
