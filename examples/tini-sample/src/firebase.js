/* global my */
import { createTikiFirebase } from 'tiki-firebase-client';
import { firestore } from 'tiki-firebase-client/firestore';
import { handOver } from 'tiki-firebase-client/hand-over';
import { payments } from 'tiki-firebase-client/payments';
import { BASE_URL, PROJECT_ID } from './config';

/** The app's only client, which holds the session; shared by all pages. */
export const firebase = createTikiFirebase({
  my,
  baseUrl: BASE_URL,
  projectId: PROJECT_ID,
  firestore,
  handOver,
  payments,
});
