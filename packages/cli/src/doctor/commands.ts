import { sh } from '../../../../functions/src/operator';
import type { FunctionId } from './google/function-shape';
import { nameOf, type Project } from '../project';
import { SECRET } from './parameters';

type DeployTarget =
  | 'functions'
  | 'hosting'
  | 'firestore'
  | 'firestore:indexes'
  | 'functions,firestore:indexes'
  | 'functions,hosting'
  | `functions:tiki-bridge:${FunctionId}`
  | `functions:tiki-bridge:${FunctionId},hosting`;

/** @param command Of the Firebase CLI, with its arguments. */
export function firebase(command: string, project: Project): string {
  return `npx firebase ${command} ${sh`--project ${nameOf(project)}`}`;
}

/** @param only What is deployed, as `--only` takes it. */
export function deploy(only: DeployTarget, project: Project): string {
  return firebase(`deploy --only ${only}`, project);
}

/** Sets the client secret, and deploys the functions that have it: `auth` and those of payments. */
export function setSecret(project: Project): string {
  const set = firebase(`functions:secrets:set ${SECRET}`, project);
  return `${set}\n${deploy('functions', project)}`;
}

/** The doctor again. */
export function doctor(project: Project): string {
  return sh`npm run doctor -- --project ${nameOf(project)}`;
}

/** @param service A Google API by its name, such as `iamcredentials.googleapis.com`. */
export function enableApi(service: string, projectId: string): string {
  return sh`gcloud services enable ${service} --project ${projectId}`;
}
