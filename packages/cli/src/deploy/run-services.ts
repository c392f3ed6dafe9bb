import { z } from 'zod';
import type { GoogleAnswer, GoogleApi } from '../doctor/google/api';
import type { Subject } from '../doctor/facts';
import type { DeployWorld } from './world';

/** A deployed function, and the Cloud Run service that is its traffic and its revisions. */
export interface Served {
  readonly id: string;
  /** `projects/…/locations/…/services/…` */
  readonly service: string;
  /** The one revision that all traffic goes to; `latest`: the newest that is ready; `split`: several. */
  readonly traffic: string;
  /** Addresses of single revisions, without a share of the traffic. They stay. */
  readonly tags: readonly Target[];
}

/** An entry of a service's traffic. */
interface Target {
  readonly type: string;
  readonly revision?: string | undefined;
  readonly percent: number;
  readonly tag?: string | undefined;
}

/** What Google did not tell, do, or finish in time; for a message. */
export class GoogleRefused extends Error {
  override readonly name = 'GoogleRefused';
}

/** @throws GoogleRefused */
export function dataOf<T>(answer: GoogleAnswer<T>, what: string): T {
  if (answer.kind === 'data') return answer.data;
  const why =
    answer.kind === 'unclear'
      ? answer.why
      : answer.kind === 'api-disabled'
        ? `${answer.service} is not enabled`
        : answer.kind;
  throw new GoogleRefused(`${what}: ${why}`);
}

const serviceName = z
  .string()
  .regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/services\/[a-z][a-z0-9-]*$/);
const functionsSchema = z.object({
  functions: z
    .array(
      z.object({
        name: z.string().regex(/\/functions\/[\w-]+$/),
        labels: z.record(z.string(), z.string()).default({}),
        serviceConfig: z.object({ service: serviceName }).optional().catch(undefined),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

const serviceSchema = z.object({
  traffic: z
    .array(
      z.object({
        type: z.string(),
        revision: z.string().optional(),
        percent: z.number().default(0),
        tag: z.string().optional(),
      }),
    )
    .default([]),
});

const operationSchema = z.object({
  name: z.string().regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/operations\/[\w-]+$/),
  done: z.boolean().default(false),
  error: z.object({ message: z.string().max(500) }).optional(),
});

function trafficOf({ traffic }: z.output<typeof serviceSchema>): string {
  const serving = traffic.filter(({ percent }) => percent > 0);
  if (serving.length === 0) return 'latest';
  const [first] = serving;
  if (serving.length > 1 || !first) return 'split';
  return first.type.endsWith('_LATEST') ? 'latest' : (first.revision?.split('/').at(-1) ?? 'split');
}

/**
 * The functions of a codebase, which the Firebase CLI labels.
 *
 * @see https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/list
 * @throws GoogleRefused
 */
export async function readServed(
  google: GoogleApi,
  { projectId, region }: Subject,
  codebase: string,
): Promise<Served[]> {
  const found: Pick<Served, 'id' | 'service'>[] = [];
  let page = '';
  do {
    const answer = await google.get(
      `https://cloudfunctions.googleapis.com/v2/projects/${projectId}/locations/${region}/functions?pageSize=100&pageToken=${encodeURIComponent(page)}`,
      functionsSchema,
    );
    const { functions, nextPageToken = '' } = dataOf(answer, 'The functions cannot be listed');
    for (const { name, labels, serviceConfig } of functions) {
      const id = name.split('/').at(-1) ?? '';
      if ((labels['firebase-functions-codebase'] ?? 'default') === codebase && serviceConfig)
        found.push({ id, service: serviceConfig.service });
    }
    page = nextPageToken;
  } while (page !== '');
  const served: Served[] = [];
  for (const { id, service } of found) {
    const answer = await google.get(`https://run.googleapis.com/v2/${service}`, serviceSchema);
    const found = dataOf(answer, `The traffic of ${id} cannot be read`);
    const tags = found.traffic
      .filter(({ tag }) => tag !== undefined)
      .map((target) => ({ ...target, percent: 0 }));
    served.push({ id, service, traffic: trafficOf(found), tags });
  }
  return served;
}

const POLLS = 60;
const POLL_MS = 2_000;

/**
 * Sends all traffic of a function to one revision, or to the newest from now on. Waits until it is so.
 *
 * @see https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/patch
 * @throws GoogleRefused
 */
export async function sendTraffic(
  world: DeployWorld,
  google: GoogleApi,
  { id, service, tags }: Served,
  to: { readonly revision: string } | 'latest',
): Promise<void> {
  const target =
    to === 'latest'
      ? { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }
      : { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: to.revision, percent: 100 };
  const what = `The traffic of ${id} was not moved`;
  let operation = dataOf(
    await google.patch(
      `https://run.googleapis.com/v2/${service}?updateMask=traffic`,
      { traffic: [target, ...tags] },
      operationSchema,
    ),
    what,
  );
  for (let poll = 0; poll < POLLS && !operation.done; poll += 1) {
    await world.wait(POLL_MS);
    const answer = await google.get(
      `https://run.googleapis.com/v2/${operation.name}`,
      operationSchema,
    );
    operation = dataOf(answer, what);
  }
  if (!operation.done) throw new GoogleRefused(`${what} within two minutes`);
  if (operation.error) throw new GoogleRefused(`${what}: ${operation.error.message}`);
}
