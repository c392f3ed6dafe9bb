import { defineCheck } from '../check';
import { failed, notChecked, ok } from '../finding';
import { openGoogleApi } from './api';

const LOGIN = 'gcloud auth application-default login';

/** Application Default Credentials: whom the doctor asks Google as. */
export const credentials = defineCheck({
  name: 'google-credentials',
  title: 'Credentials',
  area: 'Google Cloud',
  needs: ['subject'],
  gives: 'google',
  look: async (world, { subject }) => {
    const session = await world.signIn();
    switch (session.kind) {
      case 'signed-in': {
        const google = openGoogleApi(world, session, subject.projectId);
        const who = session.email ?? (session.isUser ? 'your own login' : 'an unnamed account');
        return ok(`Application Default Credentials of ${who}`, { google });
      }
      case 'none':
        return failed('there are no Application Default Credentials on this machine', LOGIN);
      case 'unreadable':
        return failed(
          'GOOGLE_APPLICATION_CREDENTIALS, or the file of gcloud, is no readable credentials file',
          `unset GOOGLE_APPLICATION_CREDENTIALS\n${LOGIN}`,
        );
      case 'refused':
        return failed('Google does not take the credentials: expired, revoked or deleted', LOGIN);
      case 'no-answer':
        return notChecked('Google could not be asked for an access token: is there a network?');
    }
  },
});
