import { z } from 'zod';
import { nameOf } from '../../target';
import { defineCheck, type Known } from '../check';
import { deploy, firebase } from '../commands';
import type { Facts } from '../facts';
import { failed, ok, type Verdict, warning } from '../finding';
import { cannotLook } from './cannot-look';

/** A public function of functions/src/functions.ts. */
export type FunctionId = 'auth' | 'gateway';

const secretReference = z.object({
  key: z.string(),
  projectId: z.string().regex(/^[a-z0-9.:-]+$/),
  secret: z.string().regex(/^[\w-]+$/),
  version: z.string().regex(/^(?:\d+|latest)$/),
});
export type SecretReference = z.output<typeof secretReference>;

const functionSchema = z
  .object({
    state: z.string().regex(/^[A-Z_]+$/),
    stateMessages: z
      .array(z.object({ type: z.string().regex(/^\w{1,60}$/) }))
      .optional()
      .catch(undefined),
    buildConfig: z.object({ runtime: z.string().regex(/^[a-z]+\d+$/) }),
    serviceConfig: z.object({
      service: z
        .string()
        .regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/services\/[a-z0-9-]+$/),
      uri: z.url({ protocol: /^https$/ }),
      serviceAccountEmail: z.email(),
      environmentVariables: z.record(z.string(), z.string()).default({}),
      secretEnvironmentVariables: z.array(secretReference).default([]),
    }),
  })
  .transform(({ state, stateMessages, buildConfig, serviceConfig }) => ({
    state,
    stateMessages: (stateMessages ?? []).map(({ type }) => type),
    runtime: buildConfig.runtime,
    /** The Cloud Run service behind it, `projects/…/services/…`. */
    service: serviceConfig.service,
    /** Its address without Hosting. */
    uri: serviceConfig.uri.replace(/\/+$/, ''),
    runtimeAccount: serviceConfig.serviceAccountEmail,
    /** Includes the parameters; may contain secrets. */
    environment: serviceConfig.environmentVariables,
    secrets: serviceConfig.secretEnvironmentVariables,
  }));
/** The part of a deployed function that is used here. */
export type DeployedFunction = z.output<typeof functionSchema>;

const listSchema = z.object({
  functions: z
    .array(
      z.object({
        name: z.string().regex(/^projects\/[^/]+\/locations\/[a-z0-9-]+\/functions\/[\w-]+$/),
      }),
    )
    .default([]),
});

type Asking = Known<'projectId' | 'google' | 'subject'>;

/** It may be in another region. */
async function notThere(id: FunctionId, { projectId, google, subject }: Asking): Promise<Verdict> {
  const list = await google.get(
    `https://cloudfunctions.googleapis.com/v2/projects/${projectId}/locations/-/functions`,
    listSchema,
  );
  const names = list.kind === 'data' ? list.data.functions.map(({ name }) => name.split('/')) : [];
  const elsewhere = names.find((parts) => parts[5] === id)?.[3];
  if (elsewhere !== undefined) {
    return failed(
      `there is no function ${id} in ${subject.region}, but one in ${elsewhere}`,
      `npm run doctor -- --project ${nameOf(subject)} --region ${elsewhere}`,
    );
  }
  return failed(
    `there is no function ${id} in ${subject.region}`,
    deploy(`functions:${id}`, subject),
  );
}

/**
 * https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/get
 *
 * @param known Turns the function into facts.
 */
export async function lookForFunction(
  id: FunctionId,
  facts: Asking,
  known: (deployed: DeployedFunction) => Partial<Facts>,
): Promise<Verdict> {
  const { projectId, google, subject } = facts;
  const answer = await google.get(
    `https://cloudfunctions.googleapis.com/v2/projects/${projectId}/locations/${subject.region}/functions/${id}`,
    functionSchema,
  );
  if (answer.kind === 'not-found') return notThere(id, facts);
  if (answer.kind !== 'data') {
    const role = 'roles/cloudfunctions.viewer';
    return cannotLook(answer, { google, projectId, what: 'the function', role });
  }
  const { state, stateMessages } = answer.data;
  const says = stateMessages.length > 0 ? ` (${stateMessages.join(', ')})` : '';
  if (state === 'ACTIVE') return ok(`${id} is deployed and active`, known(answer.data));
  if (state === 'DEPLOYING') {
    return warning(
      `${id} is being deployed just now`,
      `npm run doctor -- --project ${nameOf(subject)}   # again, in a few minutes`,
      known(answer.data),
    );
  }
  return failed(
    `${id} is there, but ${state}${says}`,
    `${firebase(`functions:log --only ${id}`, subject)}\n` + deploy(`functions:${id}`, subject),
    known(answer.data),
  );
}

export const deployedFunction = defineCheck({
  name: 'function',
  title: 'Function',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'deployed',
  look: (_world, facts) => lookForFunction('auth', facts, (deployed) => ({ deployed })),
});
