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
export { createFirebase } from './create-firebase';
