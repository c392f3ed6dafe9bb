import type { Deadline } from '../clock';
import { Problem } from '../problem';
import type { FirestoreCall } from './firestore-call';

/** The ids that firestore.rules let a user's devices have. */
const IDS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Ends the notifications on all devices of a user. @throws Problem */
export type ForgetDevices = (uid: string, deadline: Deadline) => Promise<void>;

/**
 * FCM reaches a device whoever is signed in on it, so its document has to go. Without Firestore there are
 * no devices, and nothing to do.
 */
export function createForgetDevices(call: FirestoreCall): ForgetDevices {
  return async (uid, deadline) => {
    // The rules give such a user no documents; in a path it would be several names.
    if (uid.includes('/')) return;
    try {
      await call(deadline, async (firestore) => {
        const devices = firestore.collection(`users/${uid}/devices`);
        const batch = firestore.batch();
        for (const id of IDS) batch.delete(devices.doc(id));
        await batch.commit();
      });
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'not-configured')) throw error;
    }
  };
}
