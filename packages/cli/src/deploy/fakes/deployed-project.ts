import {
  type Answer,
  type FakeRequest,
  jsonAnswer,
  startLoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { bridgeProblem, PROJECT, REGION } from '../../doctor/fakes/google';
import { ACCESS_TOKEN, html } from '../../doctor/fakes/internet';

const PARENT = `projects/${PROJECT}/locations/${REGION}`;
const RUN = `/v2/${PARENT}/services`;
const INDEXES = `/v1/projects/${PROJECT}/databases/(default)/collectionGroups/-/indexes`;
const RELEASES = `/v1beta1/sites/${PROJECT}/releases`;
const DOMAIN = `${PROJECT}.web.app`;

/** Replaces the Host header, which fetch does not allow to set. */
const ASKED_HOST = 'x-asked-host';

/** What the code of a revision answers to a login with a made-up code. */
export type Behaviour = 'invalid-code' | 'misconfigured' | 'internal';

interface Deployed {
  readonly name: string;
  readonly createTime: string;
  readonly behaviour: Behaviour;
  readonly isReady: boolean;
  /** The version of Tiki's secret. */
  readonly secret: string;
}

/**
 * A project with functions and Hosting at Google's APIs: deployments make revisions and releases, a
 * request to the domain is answered by the revision that has the traffic.
 */
export async function startDeployedProject(tls?: {
  readonly keyPem: string;
  readonly certPem: string;
}) {
  const functions = new Map<string, { revisions: Deployed[]; traffic: object[] }>();
  const releases: { version: string; releaseTime: string }[] = [];
  const unfinished = new Set<string>();
  let refused: string | undefined;

  function revisionOf(id: string): Deployed | undefined {
    const one = functions.get(id);
    const target = one?.traffic.find((entry) => Reflect.get(entry, 'percent') === 100);
    const pinned: unknown = target && Reflect.get(target, 'revision');
    return pinned === undefined
      ? one?.revisions.find(({ isReady }) => isReady)
      : one?.revisions.find(({ name }) => name === pinned);
  }

  function answerOfRun({ method, url, body }: FakeRequest): Answer {
    if (url.pathname.includes('/operations/')) {
      const name = url.pathname.replace('/v2/', '');
      // The second poll finds it done.
      return jsonAnswer(200, { name, done: !unfinished.delete(name) });
    }
    const [service = '', part] = url.pathname.slice(RUN.length + 1).split('/');
    const one = [...functions].find(([id]) => id.toLowerCase() === service)?.[1];
    if (!one) return jsonAnswer(404, { error: { code: 404, status: 'NOT_FOUND' } });
    if (service === refused && method === 'PATCH')
      return jsonAnswer(403, { error: { code: 403, status: 'PERMISSION_DENIED' } });
    if (part === 'revisions')
      return jsonAnswer(200, {
        revisions: one.revisions.map(({ name, createTime, isReady, secret }) => ({
          name: `${PARENT}/services/${service}/revisions/${name}`,
          createTime,
          conditions: [
            { type: 'Ready', state: isReady ? 'CONDITION_SUCCEEDED' : 'CONDITION_FAILED' },
          ],
          containers: [
            {
              env: [
                { name: 'TIKI_CLIENT_KEY', value: 'k' },
                {
                  name: 'TIKI_CLIENT_SECRET',
                  valueSource: { secretKeyRef: { secret: 'TIKI_CLIENT_SECRET', version: secret } },
                },
              ],
            },
          ],
        })),
      });
    if (method === 'GET') return jsonAnswer(200, { traffic: one.traffic });
    if (url.search !== '?updateMask=traffic') return jsonAnswer(400, {});
    one.traffic = (JSON.parse(body) as { traffic: object[] }).traffic;
    const name = `${PARENT}/operations/${service}`;
    unfinished.add(name);
    return jsonAnswer(200, { name });
  }

  function answerOfHosting({ method, url }: FakeRequest, now: string): Answer {
    if (url.pathname !== RELEASES) return jsonAnswer(404, {});
    const version = url.searchParams.get('versionName');
    if (method === 'POST' && version) {
      releases.unshift({ version, releaseTime: now });
      return jsonAnswer(200, { name: `sites/${PROJECT}/releases/${releases.length}` });
    }
    return jsonAnswer(200, {
      releases: releases.map((release) => ({
        name: 'sites/x/releases/1',
        releaseTime: release.releaseTime,
        version: { name: release.version, status: 'FINALIZED' },
      })),
    });
  }

  const project = {
    now: Date.parse('2026-11-20T08:00:00Z'),
    secret: '1',
    /** How often Firestore still answers that it is building an index. */
    building: 0,
  };
  const fake = await startLoopbackFake<never>({
    ...(tls && { tls }),
    answer: (request) => {
      const { headers, url } = request;
      const asked = headers[ASKED_HOST];
      const host = typeof asked === 'string' ? asked : url.hostname;
      if (url.pathname === '/token' || url.pathname === '/oauth2/v4/token')
        return jsonAnswer(200, { access_token: ACCESS_TOKEN, expires_in: 3_599 });
      if (host === DOMAIN) {
        const serving = revisionOf('auth');
        if (releases.length === 0 || !serving) return html(404, 'Site Not Found');
        return bridgeProblem(serving.behaviour);
      }
      if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return jsonAnswer(401, {});
      if (host === 'run.googleapis.com') return answerOfRun(request);
      if (host === 'firebasehosting.googleapis.com')
        return answerOfHosting(request, new Date(project.now).toISOString());
      if (host === 'firestore.googleapis.com' && url.pathname === INDEXES) {
        project.building -= 1;
        const state = project.building >= 0 ? 'CREATING' : 'READY';
        return jsonAnswer(200, { indexes: [{ name: `${INDEXES.slice(4)}/a`, state }] });
      }
      if (host === 'cloudfunctions.googleapis.com' && url.pathname === `/v2/${PARENT}/functions`)
        return jsonAnswer(200, {
          functions: [
            ...[...functions.keys()].map((id) => ({
              name: `${PARENT}/functions/${id}`,
              labels: { 'firebase-functions-codebase': 'tiki-bridge' },
              serviceConfig: { service: `${PARENT}/services/${id.toLowerCase()}` },
            })),
            {
              name: `${PARENT}/functions/theirs`,
              labels: {},
              serviceConfig: { service: `${PARENT}/services/theirs` },
            },
          ],
        });
      return jsonAnswer(404, {});
    },
  });

  return Object.assign(project, {
    /** For MAP_HOSTS. */
    address: fake.address,
    calls: fake.calls,
    close: () => fake.close(),
    /** As `firebase deploy --only functions` does it: Cloud Run keeps the traffic where it was sent. */
    deployFunctions: (ids: readonly string[], behaviour: Behaviour, isReady = true) => {
      for (const id of ids) {
        const one = functions.get(id) ?? {
          revisions: [],
          traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
        };
        const number = String(one.revisions.length + 1).padStart(5, '0');
        const createTime = new Date(project.now).toISOString();
        const name = `${id.toLowerCase()}-${number}-abc`;
        one.revisions.unshift({ name, createTime, behaviour, isReady, secret: project.secret });
        functions.set(id, one);
      }
    },
    deployHosting: () => {
      const version = `sites/${PROJECT}/versions/v${releases.length + 1}`;
      releases.unshift({ version, releaseTime: new Date(project.now).toISOString() });
    },
    /** Gives a revision an address of its own. */
    tag: (id: string, revision: string) => {
      const type = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
      functions.get(id)?.traffic.push({ type, revision, tag: 'kept' });
    },
    tags: (id: string) =>
      (functions.get(id)?.traffic ?? []).filter((entry) => Reflect.has(entry, 'tag')).length,
    /** The names of what serves. */
    serving: () => ({
      ...Object.fromEntries([...functions.keys()].map((id) => [id, revisionOf(id)?.name])),
      hosting: releases[0]?.version.split('/').at(-1),
    }),
    /** Refuses to move the traffic of a function; undefined: of none. */
    refuse: (service: string | undefined) => {
      refused = service;
    },
    fetch: (url: string, init: RequestInit) => {
      const { host, pathname, search } = new URL(url);
      const headers = new Headers(init.headers);
      headers.set(ASKED_HOST, host);
      return fetch(`http://${fake.address}${pathname}${search}`, { ...init, headers });
    },
  });
}
