import { z } from 'zod';
import type { GoogleApi } from '../doctor/google/api';
import { dataOf } from './run-services';

/** What Hosting served from a time on. */
export interface Release {
  /** `sites/…/versions/…`, or the same below a project. */
  readonly version: string;
  /** Epoch ms. */
  readonly releasedAt: number;
  /** Whether its files are still there: old versions are deleted. */
  readonly isKept: boolean;
}

const releasesSchema = z.object({
  releases: z
    .array(
      z.object({
        releaseTime: z.iso.datetime({ offset: true }),
        version: z
          .object({
            name: z.string().regex(/^(?:projects\/[\w.:-]+\/)?sites\/[\w-]+\/versions\/\w+$/),
            status: z.string(),
          })
          .optional(),
      }),
    )
    .default([]),
});

/**
 * Newest first; the 100 newest.
 *
 * @see https://firebase.google.com/docs/reference/hosting/rest/v1beta1/sites.releases/list
 * @throws GoogleRefused
 */
export async function readReleases(google: GoogleApi, site: string): Promise<Release[]> {
  const answer = await google.get(
    `https://firebasehosting.googleapis.com/v1beta1/sites/${site}/releases?pageSize=100`,
    releasesSchema,
  );
  return dataOf(answer, `The releases of the Hosting site ${site} cannot be listed`)
    .releases.flatMap(({ releaseTime, version }): Release[] =>
      // Without a version the site was switched off.
      version
        ? [
            {
              version: version.name,
              releasedAt: Date.parse(releaseTime),
              isKept: version.status === 'FINALIZED',
            },
          ]
        : [],
    )
    .sort((a, b) => b.releasedAt - a.releasedAt);
}

/**
 * Makes an earlier version the current one.
 *
 * @see https://firebase.google.com/docs/reference/hosting/rest/v1beta1/sites.releases/create
 * @throws GoogleRefused
 */
export async function releaseVersion(
  google: GoogleApi,
  site: string,
  version: string,
): Promise<void> {
  const id = version.split('/').at(-1) ?? '';
  const answer = await google.post(
    `https://firebasehosting.googleapis.com/v1beta1/sites/${site}/releases?versionName=sites/${site}/versions/${id}`,
    { message: 'Rolled back' },
    z.object({ name: z.string() }),
  );
  dataOf(answer, 'Hosting was not rolled back');
}
