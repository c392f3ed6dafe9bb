import { initializeApp } from 'firebase/app';
import {
  type Auth,
  getIdToken,
  getIdTokenResult,
  indexedDBLocalPersistence,
  initializeAuth,
  onAuthStateChanged,
  signInWithCustomToken,
  signOut,
  type User as Account,
} from 'firebase/auth';
import { type Command, SESSION, type User } from '../messages';
import { endDevice, type Owner, silenceDevice } from './device';
import type { DeviceRecord } from './device-record';

/** The SDK requires a key; the gateway replaces it with the project's own. */
const PLACEHOLDER_KEY = 'gateway';

/**
 * Codes after which no refresh can succeed. At the first two the SDK signs out by itself; for a
 * deleted user Secure Token may also call the refresh token invalid.
 */
const ENDED = [
  'auth/user-disabled',
  'auth/user-token-expired',
  'auth/invalid-refresh-token',
  'auth/invalid-user-token',
];

const userOf = (account: Account | null): User | null =>
  account && { uid: account.uid, name: account.displayName };

/** The code of one of Firebase's errors; their messages are not passed on. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'internal';
}

let opened: Promise<Auth> | undefined;

async function open(): Promise<Auth> {
  const auth = initializeAuth(initializeApp({ apiKey: PLACEHOLDER_KEY }), {
    persistence: indexedDBLocalPersistence,
  });
  await auth.authStateReady();
  const channel = new BroadcastChannel(SESSION);
  let announced = auth.currentUser?.uid;
  onAuthStateChanged(auth, (account) => {
    // The SDK also reports the state at the beginning, which is no change.
    if (account?.uid === announced) return;
    announced = account?.uid;
    channel.postMessage(userOf(account));
  });
  return auth;
}

/**
 * Opened by the first event after activation, never while a new worker is being installed: the old
 * worker may still sign in or out then, and what the new one had read would be out of date.
 */
const openAuth = (): Promise<Auth> => (opened ??= open());

const ownerOf = (account: Account): Owner => ({
  uid: account.uid,
  async credential() {
    const { token, claims } = await getIdTokenResult(account);
    return { idToken: token, projectId: String(claims['aud']) };
  },
});

/** The user who is signed in, as the owner of this browser's device. */
export async function currentOwner(): Promise<Owner | undefined> {
  const { currentUser } = await openAuth();
  return currentUser ? ownerOf(currentUser) : undefined;
}

/** Waits for a token; ends the session if neither this nor any later refresh can succeed. */
async function orSignedOut(auth: Auth, account: Account, token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch (error) {
    if (ENDED.includes(codeOf(error))) {
      const device = await silenceDevice(account.uid);
      if (auth.currentUser === account) await signOut(auth);
      await endDevice(ownerOf(account), device);
    }
    throw error;
  }
}

/** Returns the user after the command. The session is stored, or removed, by then. */
export async function obey(command: Command): Promise<User | null> {
  const auth = await openAuth();
  const before = auth.currentUser;
  if (command.command === 'signIn') await signInWithCustomToken(auth, command.customToken);
  let device: DeviceRecord | undefined;
  if (command.command === 'signOut') {
    device = before ? await silenceDevice(before.uid) : undefined;
    await signOut(auth);
  }
  if (command.command === 'refresh' && before) {
    await orSignedOut(auth, before, getIdToken(before, true));
  }
  const account = auth.currentUser;
  // The SDK still has a token for the user before. Signing in again as the same user changes nothing.
  if (before && before.uid !== account?.uid) await endDevice(ownerOf(before), device);
  return userOf(account);
}

let asked: { readonly account: Account; readonly token: Promise<string> } | undefined;

/** By itself, the SDK would refresh an expired token once for every request that waits for it. */
function idTokenOf(account: Account): Promise<string> {
  if (asked?.account === account) return asked.token;
  const asking = {
    account,
    token: getIdToken(account).finally(() => {
      if (asked === asking) asked = undefined;
    }),
  };
  asked = asking;
  return asking.token;
}

/** An ID token that is valid for another half a minute at least, refreshed if necessary. */
export async function freshIdToken(): Promise<string | undefined> {
  const auth = await openAuth();
  const account = auth.currentUser;
  if (account === null) return undefined;
  return orSignedOut(auth, account, idTokenOf(account));
}
