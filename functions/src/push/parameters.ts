import * as z from 'zod';
import { PROJECT_ID, readParameters } from '../config';
import { setParameters } from '../remedy';
import { refuseLegacyKey } from './legacy-key';

const parameters = z.object({
  GCLOUD_PROJECT: z.string('is not set').regex(PROJECT_ID, 'is not a project id'),
});

/**
 * @returns the project's id
 * @throws Problem `misconfigured`, also where there is a server key of the legacy APIs
 */
export function parsePushParameters(env: Readonly<Record<string, string | undefined>>): string {
  refuseLegacyKey(env);
  return readParameters(parameters, env, setParameters('correct the parameters', 'functions'))
    .GCLOUD_PROJECT;
}
