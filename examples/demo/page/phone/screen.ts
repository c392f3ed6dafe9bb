/** A notification as a phone shows it. */
export interface PhoneNotification {
  readonly title: string;
  readonly body: string;
  /** The page of the app that it opens. */
  readonly path: string;
  /** The same for every copy of it. */
  readonly tag: string;
}

/**
 * The phone with the developer's own Android or iOS app, signed in as this user: a Tini App itself gets no
 * FCM.
 */
export interface PhoneState {
  readonly state: 'off' | 'registering' | 'registered' | 'failed';
  /** Why registering failed. */
  readonly failure: string;
  /** Oldest first. */
  readonly shown: readonly PhoneNotification[];
}

export const SWITCHED_OFF: PhoneState = { state: 'off', failure: '', shown: [] };
