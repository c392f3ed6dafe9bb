import { sh } from '../../../../../functions/src/operator';
import { LOGIN } from '../../credentials';
import { enableApi } from '../commands';
import type { Facts } from '../facts';
import { notChecked, type Verdict } from '../finding';
import type { GoogleApi, GoogleRefusal } from './api';

const QUOTA_ROLE = 'roles/serviceusage.serviceUsageConsumer';

export function grantOnProject(projectId: string, member: string, role: string): string {
  return sh`gcloud projects add-iam-policy-binding ${projectId} --member ${member} --role ${role}`;
}

/**
 * The verdict if Google refuses a read.
 *
 * @param options.what What was read, as the end of "may not look at …".
 * @param options.role The least role that allows it, or the command that grants it.
 */
export function cannotLook(
  refusal: GoogleRefusal,
  options: {
    readonly google: GoogleApi;
    readonly projectId: string;
    readonly what: string;
    readonly role: `roles/${string}` | { readonly grant: string };
    readonly facts?: Partial<Facts>;
  },
): Verdict {
  const { google, projectId, what, role, facts } = options;
  switch (refusal.kind) {
    case 'denied': {
      if (refusal.forQuota) {
        const grant = grantOnProject(projectId, google.member, QUOTA_ROLE);
        return notChecked('your login may not use this project for API requests', grant, facts);
      }
      const grant =
        typeof role === 'string' ? grantOnProject(projectId, google.member, role) : role.grant;
      return notChecked(`your credentials may not look at ${what}`, grant, facts);
    }
    case 'api-disabled':
      return notChecked(
        `${refusal.service}, which knows about ${what}, is not enabled`,
        enableApi(refusal.service, projectId),
        facts,
      );
    case 'unauthenticated':
      return notChecked('Google does not take your credentials', LOGIN, facts);
    case 'not-found':
      return notChecked(`Google does not find ${what}`, undefined, facts);
    case 'precondition':
      return notChecked(`Google refuses to show ${what} in its present state`, undefined, facts);
    case 'unclear':
      return notChecked(`${refusal.why}, so nothing is known about ${what}`, undefined, facts);
  }
}
