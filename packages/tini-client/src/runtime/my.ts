/** Takes one object with `success` and `fail`. Typed `never` so that every typing of `my` fits. */
type MyFunction = (options: never) => unknown;

/** The part of Tiki's `my` that the client uses. A Tini App's global `my` fits. */
export interface My {
  readonly request: MyFunction;
  readonly getAuthCode: MyFunction;
  readonly getStorage: MyFunction;
  readonly setStorage: MyFunction;
  /** With both of these, the session and the listeners' cache are stored encrypted. */
  readonly getEncryptedStorage?: MyFunction;
  readonly setEncryptedStorage?: MyFunction;
  /** Removes a session that cannot be overwritten, because storage is full. */
  readonly removeStorage?: MyFunction;
  /** Without it a stored session is never restored, because its owner cannot be checked. */
  readonly getUserInfo?: MyFunction;
  /** Without it `getUserInfo` may open Tiki's permission dialog when the app starts or returns. */
  readonly getSetting?: MyFunction;
  /** Needed for uploads. */
  readonly uploadFile?: MyFunction;
  /** Needed for purchases. */
  readonly makePayment?: MyFunction;
  /** If present, the client uses it to detect that the app returns to the foreground. */
  readonly onAppShow?: (listener: () => unknown) => unknown;
  /** If present, listeners of Firestore do not poll while the app is hidden. */
  readonly onAppHide?: (listener: () => unknown) => unknown;
}
