import type { FunctionId } from './google/deployed-function';
import { SECRET } from './parameters';

type DeployTarget =
  'functions' | 'hosting' | `functions:${FunctionId}` | `functions:${FunctionId},hosting`;

/** @param only What is deployed, as `--only` takes it. */
export function deploy(only: DeployTarget, projectId: string): string {
  return `npx firebase deploy --only ${only} --project ${projectId}`;
}

/** Asks for the client secret, and hands it to the function that signs with it. */
export function setSecret(projectId: string): string {
  return (
    `npx firebase functions:secrets:set ${SECRET} --project ${projectId}\n` +
    deploy('functions:auth', projectId)
  );
}

/** @param service A Google API by its name, such as `iamcredentials.googleapis.com`. */
export function enableApi(service: string, projectId: string): string {
  return `gcloud services enable ${service} --project ${projectId}`;
}
