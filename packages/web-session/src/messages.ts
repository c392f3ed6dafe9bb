// What pages and the worker tell each other. ID tokens and refresh tokens never leave the worker.

/** Marks our messages among those of the site, and names the channel on which changes are announced. */
export const SESSION = 'tiki-firebase-session';

export interface User {
  /** `tiki:` and the customer's id. */
  readonly uid: string;
  /** The account's display name. */
  readonly name: string | null;
}

export type Command =
  | { readonly command: 'signIn'; readonly customToken: string }
  | { readonly command: 'signOut' }
  | { readonly command: 'refresh' }
  | { readonly command: 'user' }
  | DeviceCommand;

export type DeviceCommand =
  | { readonly command: 'device' }
  | { readonly command: 'addDevice'; readonly token: string; readonly language: 'vi' | 'en' }
  | { readonly command: 'removeDevice' };

export type Question = Command & { readonly type: typeof SESSION };

/** What holds after a command. */
export interface Done {
  readonly ok: true;
  readonly user: User | null;
  /** After a device's command: whether the user's notifications arrive in this browser. */
  readonly device?: boolean;
}

/** The answer, on the port that came with the question. */
export type Answer =
  | Done
  /** Firebase's code, such as `auth/invalid-custom-token`. */
  | { readonly ok: false; readonly code: string };

/** Marks notifications, and the messages with which the worker offers them to visible pages. */
export const PUSH = 'tiki-firebase-push';

/** A notification for the user. */
export interface PushMessage {
  /** The same whenever the notification arrives again. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** The page to open, on this origin: path, query and fragment. */
  readonly path: string;
}

/** The worker's offer to a visible page, which takes it by any answer on the port that came with it. */
export interface Offer {
  readonly type: typeof PUSH;
  readonly message: PushMessage;
}
