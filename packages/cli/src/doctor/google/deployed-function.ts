import { z } from 'zod';
import { functionName, sh } from '../../../../../functions/src/operator';
import { defineCheck, type Known } from '../check';
import { deploy, doctor, firebase } from '../commands';
import type { Facts } from '../facts';
import { failed, ok, type Verdict, warning } from '../finding';
import { cannotLook } from './cannot-look';
import { functionSchema, type DeployedFunction, type FunctionId } from './function-shape';

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
  const name = functionName(id, subject.deployed);
  const list = await google.get(
    `https://cloudfunctions.googleapis.com/v2/projects/${projectId}/locations/-/functions`,
    listSchema,
  );
  const names = list.kind === 'data' ? list.data.functions.map(({ name }) => name.split('/')) : [];
  const elsewhere = names.find((parts) => parts[5] === name)?.[3];
  if (elsewhere !== undefined) {
    return failed(
      `there is no function ${name} in ${subject.region}, but one in ${elsewhere}`,
      doctor(subject) + sh` --region ${elsewhere}`,
    );
  }
  return failed(
    `there is no function ${name} in ${subject.region}`,
    deploy(`functions:tiki-bridge:${id}`, subject),
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
  const name = functionName(id, subject.deployed);
  const answer = await google.get(
    `https://cloudfunctions.googleapis.com/v2/projects/${projectId}/locations/${subject.region}/functions/${name}`,
    functionSchema,
  );
  if (answer.kind === 'not-found') return notThere(id, facts);
  if (answer.kind !== 'data') {
    const role = 'roles/cloudfunctions.viewer';
    return cannotLook(answer, { google, projectId, what: 'the function', role });
  }
  const { state, stateMessages } = answer.data;
  const says = stateMessages.length > 0 ? ` (${stateMessages.join(', ')})` : '';
  if (state === 'ACTIVE') return ok(`${name} is deployed and active`, known(answer.data));
  if (state === 'DEPLOYING') {
    return warning(
      `${name} is being deployed just now`,
      `${doctor(subject)}   # again, in a few minutes`,
      known(answer.data),
    );
  }
  return failed(
    `${name} is there, but ${state}${says}`,
    `${firebase(`functions:log --only ${id}`, subject)}\n` +
      deploy(`functions:tiki-bridge:${id}`, subject),
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
