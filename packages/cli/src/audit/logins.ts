import { z } from 'zod';
import type { AuditQuestion } from '../../../../functions/src/operator';
import type { GoogleApi, GoogleRefusal } from '../doctor/google/api';

/** The log bucket that infra/audit-log.sh creates; it keeps logins as long as Firestore keeps the rest. */
export const BUCKET = 'tiki-bridge-audit';
/** The entries that are logins: those of requests with these routes. Also the filter of the sink. */
export const LOGIN_ROUTES = [
  'auth_exchange',
  'auth_refresh',
  'session.hand_over',
  'session.trade',
  'session.sign_in',
  'session.sign_out',
] as const;

/** For the sink, and for what is asked here. */
export const LOGIN_FILTER =
  'resource.type="cloud_run_revision" AND jsonPayload.requestId:* AND jsonPayload.route=(' +
  `${LOGIN_ROUTES.map((route) => `"${route}"`).join(' OR ')})`;

/** An answer of the doctor's client has at most 1 MiB, and an entry some 2 KB. */
const PAGE = 250;
/** From this many on, the output is cut, but never within one millisecond. */
const CUT_AFTER = 2_000;
/** How long a project's ordinary log keeps entries, unless somebody has changed that. */
const ORDINARY_LOG_MS = 30 * 86_400_000;
/** How long the bucket keeps them: `retention_days` of infra/audit-log.sh. */
const BUCKET_MS = 400 * 86_400_000;

const answer = z.object({
  entries: z
    .array(
      z.object({
        timestamp: z.iso.datetime({ offset: true }),
        jsonPayload: z.object({
          route: z.string(),
          outcome: z.string(),
          uid: z.string().optional(),
          requestId: z.string(),
        }),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

const bucketAnswer = z.object({ createTime: z.iso.datetime({ offset: true }) });

export interface Login {
  /** Epoch ms. */
  readonly at: number;
  readonly route: string;
  readonly outcome: string;
  readonly uid: string | undefined;
  /** As in the answer that the customer got. */
  readonly requestId: string;
}

export interface Logins {
  readonly logins: readonly Login[];
  /** Epoch ms: all before it are here, and none of this millisecond or later. Undefined: the whole period. */
  readonly cutAt: number | undefined;
  /** Epoch ms: the period begins earlier, and no log has the logins from before. */
  readonly missingBefore: number | undefined;
}

/** @param uid Has been parsed: nothing in it ends a string of the filter. */
function filterOf({ from, to, uid }: AuditQuestion): string {
  const [start, end] = [from, to].map((at) => new Date(at).toISOString());
  const period = `timestamp>="${start ?? ''}" AND timestamp<"${end ?? ''}"`;
  return [LOGIN_FILTER, period, ...(uid === undefined ? [] : [`jsonPayload.uid="${uid}"`])].join(
    ' AND ',
  );
}

/** Where to cut: at the last login's millisecond, which may have more logins. Undefined: read on. */
function cutOf(logins: readonly Login[]): number | undefined {
  const last = logins.at(-1)?.at;
  return logins.length >= CUT_AFTER && last !== logins[0]?.at ? last : undefined;
}

/**
 * The log that goes back furthest towards `from`: its resource, and the time of its first logins, epoch ms.
 * A sink copies nothing from before its creation, so a new bucket has less than the ordinary log.
 */
async function chooseLog(
  api: Pick<GoogleApi, 'get'>,
  projectId: string,
  from: number,
  now: number,
): Promise<{ readonly resource: string; readonly since: number } | GoogleRefusal> {
  const project = `projects/${projectId}`;
  const bucket = `${project}/locations/global/buckets/${BUCKET}` as const;
  const found = await api.get(`https://logging.googleapis.com/v2/${bucket}`, bucketAnswer);
  if (found.kind !== 'data' && found.kind !== 'not-found') return found;
  const ordinary = { resource: project, since: now - ORDINARY_LOG_MS };
  const created = found.kind === 'data' ? Date.parse(found.data.createTime) : Infinity;
  const kept = { resource: `${bucket}/views/_AllLogs`, since: Math.max(created, now - BUCKET_MS) };
  return created <= Math.max(from, ordinary.since) ? kept : ordinary;
}

/**
 * The logins of a period, the oldest first; or why they cannot be read.
 *
 * @param now Epoch ms.
 */
export async function readLogins(
  api: Pick<GoogleApi, 'get' | 'post'>,
  projectId: string,
  question: AuditQuestion,
  now: number,
): Promise<Logins | GoogleRefusal> {
  async function readFrom(resource: string, since: number): Promise<Logins | GoogleRefusal> {
    const missingBefore = question.from < since ? since : undefined;
    const logins: Login[] = [];
    let pageToken: string | undefined;
    for (;;) {
      const body = {
        resourceNames: [resource],
        filter: filterOf(question),
        orderBy: 'timestamp asc',
        pageSize: PAGE,
        ...(pageToken !== undefined && { pageToken }),
      };
      const read = await api.post('https://logging.googleapis.com/v2/entries:list', body, answer);
      if (read.kind !== 'data') return read;
      for (const { timestamp, jsonPayload } of read.data.entries) {
        const { route, outcome, uid, requestId } = jsonPayload;
        logins.push({ at: Date.parse(timestamp), route, outcome, uid, requestId });
      }
      // A page may be empty and not the last: Google had no time to search all of the period.
      pageToken = read.data.nextPageToken;
      if (pageToken === undefined) return { logins, cutAt: undefined, missingBefore };
      const cutAt = cutOf(logins);
      if (cutAt !== undefined) {
        return { logins: logins.filter(({ at }) => at < cutAt), cutAt, missingBefore };
      }
    }
  }

  const log = await chooseLog(api, projectId, question.from, now);
  return 'kind' in log ? log : readFrom(log.resource, log.since);
}
