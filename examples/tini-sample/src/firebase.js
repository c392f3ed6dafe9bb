/* global my */
import { createTikiFirebase } from 'tiki-firebase-client';
import { firestore } from 'tiki-firebase-client/firestore';
import { BASE_URL, PROJECT_ID } from './config';

/** The one session of this app: every page imports it from here. */
export const firebase = createTikiFirebase({
  my,
  baseUrl: BASE_URL,
  projectId: PROJECT_ID,
  firestore,
});
