// The part of firebase/auth that works through the gateway.
export {
  getIdToken,
  getIdTokenResult,
  onAuthStateChanged,
  onIdTokenChanged,
  reload,
  signInWithCustomToken,
  signOut,
} from 'firebase/auth';
export type {
  Auth,
  IdTokenResult,
  NextOrObserver,
  ParsedToken,
  Unsubscribe,
  User,
  UserCredential,
} from 'firebase/auth';
export type { FirebaseApp, FirebaseError } from 'firebase/app';
export { createFirebase, type Firebase, type FirebaseOptions } from './create-firebase';
export type { My } from './my';
