import { z } from 'zod';
import type { GoogleApi } from '../doctor/google/api';
import { dataOf, type Served } from './run-services';

/** One deployment of a function, as Cloud Run keeps it. */
export interface Revision {
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly isReady: boolean;
  /** The version of each secret, by the secret's name. */
  readonly secrets: ReadonlyMap<string, string>;
}

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const revisionName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

/** Of the environment; those that come from a secret have no value. */
const variable = z.object({
  valueSource: z
    .object({
      secretKeyRef: z
        .object({ secret: z.string(), version: z.string().default('latest') })
        .optional(),
    })
    .optional(),
});

const revisionsSchema = z.object({
  revisions: z
    .array(
      z.object({
        name: z.string(),
        createTime: instant,
        conditions: z.array(z.object({ type: z.string(), state: z.string() })).default([]),
        containers: z.array(z.object({ env: z.array(variable).default([]) })).default([]),
      }),
    )
    .default([]),
});

/** Newest first; the 100 newest. @throws GoogleRefused */
export async function readRevisions(google: GoogleApi, { id, service }: Served) {
  const answer = await google.get(
    `https://run.googleapis.com/v2/${service}/revisions?pageSize=100`,
    revisionsSchema,
  );
  const { revisions } = dataOf(answer, `The revisions of ${id} cannot be listed`);
  return revisions
    .map(({ name, createTime, conditions, containers }): Revision => ({
      name: revisionName.parse(name.split('/').at(-1)),
      createdAt: createTime,
      isReady: conditions.some(
        ({ type, state }) => type === 'Ready' && state === 'CONDITION_SUCCEEDED',
      ),
      secrets: new Map(
        containers
          .flatMap(({ env }) => env)
          .flatMap(({ valueSource }) => valueSource?.secretKeyRef ?? [])
          // In the same project by its name, in another one by its path.
          .map(({ secret, version }) => [secret.split('/').at(-1) ?? '', version]),
      ),
    }))
    .sort((a, b) => b.createdAt - a.createdAt);
}
