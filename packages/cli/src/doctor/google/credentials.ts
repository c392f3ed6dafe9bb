import { explainSession } from '../../credentials';
import { defineCheck } from '../check';
import { failed, notChecked, ok } from '../finding';
import { openGoogleApi } from './api';

/** Application Default Credentials, which the doctor uses for Google's APIs. */
export const credentials = defineCheck({
  name: 'google-credentials',
  title: 'Credentials',
  area: 'Google Cloud',
  needs: ['subject'],
  gives: 'google',
  look: async (world, { subject }) => {
    const session = await world.signIn();
    if (session.kind === 'signed-in') {
      const google = openGoogleApi(world, session, subject.projectId);
      const who = session.email ?? (session.isUser ? 'your own login' : 'an unnamed account');
      return ok(`Application Default Credentials of ${who}`, { google });
    }
    const { message, remedy } = explainSession(session);
    return remedy === undefined ? notChecked(message) : failed(message, remedy);
  },
});
