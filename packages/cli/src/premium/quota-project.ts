import { GoogleAuth, UserRefreshClient } from 'google-auth-library';

/**
 * A person's login belongs to no project, and Google wants one to count the calls against: without
 * it they end in 403, "requires a quota project". gcloud writes it beside the login only where it
 * has a default project. A service account needs none, and may lack the right to name one.
 *
 * @returns `projectId` where the environment has to name it, for all of Google's clients.
 */
export async function missingQuotaProject(projectId: string): Promise<string | undefined> {
  try {
    const client = await new GoogleAuth().getClient();
    const isMissing = client instanceof UserRefreshClient && !client.quotaProjectId;
    return isMissing ? projectId : undefined;
  } catch {
    // There are no credentials, which the first call says better.
    return undefined;
  }
}
