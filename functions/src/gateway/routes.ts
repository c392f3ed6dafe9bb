import { readBody, requireSmallBody, type BodyBounds, stopReceiving } from '../http/body';
import type { CrossOrigin } from '../http/cors';
import { targetOf, type IncomingRequest } from '../http/request';
import type { RequestInProgress, Operations, Outcome, Route } from '../http/serve';
import { requestClient } from '../limits/client-address';
import { Problem } from '../problem';
import { VALIDATION_PATH, validationRoute } from '../providers/tiki/validation-file';
import type { KeptAliveSockets } from '../upstream/http-client';
import { authQuotaRefusal } from './auth-quota';
import type { Asking } from './circuit-breakers';
import { ask, readAnswer, relay, type UpstreamCall } from './forward';
import { answerHeaders, upstreamHeaders, type TypedBody } from './headers';
import { placeAt, type Place, type UpstreamOperation } from './places';
import type { GatewaySettings } from './settings';
import { fileAt, metadataPlace } from './storage/file';
import { boundedUploads } from './storage/in-flight';
import { METADATA, upload } from './storage/upload';
import { parseTarget, queryValues, readQuery, rebuiltRefreshForm, type Target } from './target';

const STORAGE = '/storage/**';
const GOOGLE = ['/identitytoolkit/**', '/securetoken/**', '/firestore/**'] as const;

/** The Hosting rewrites in firebase.json are tested against this. */
export const GATEWAY_PATHS: readonly string[] = [...GOOGLE, STORAGE, VALIDATION_PATH];

/** A large batch of writes for a mini program; Firestore itself takes 10 MiB. */
const BODY: BodyBounds = { maxBytes: 256 * 1024, timeoutMs: 10_000 };

/** What the calls of a Firebase client need. The SDK's own headers are accepted and not passed on. */
const CORS: CrossOrigin = {
  methods: 'GET, POST, PATCH, DELETE',
  headers:
    'Authorization, Content-Type, Accept-Language, X-Request-Id, X-Firebase-AppCheck, ' +
    'X-Client-Version, X-Firebase-Client, X-Firebase-GMPID, X-Firebase-Locale, ' +
    'Google-Cloud-Resource-Prefix, X-Goog-Api-Client, X-Goog-Request-Params',
};

export interface GatewayEffects {
  readonly asking: Asking;
  readonly sockets: KeptAliveSockets;
  /** Milliseconds for one call to Google, up to the last byte of its answer. */
  readonly timeoutMs: number;
  /** Milliseconds for the form of an upload. */
  readonly receiveMs: number;
}

/** Firebase Auth, whose calls carry the project's API key and whose errors can mean a quota. */
const isAuth = (upstream: UpstreamCall['upstream']): boolean =>
  upstream === 'identityToolkit' || upstream === 'secureToken';

const FORM = 'application/x-www-form-urlencoded';

/** A body where the method has one, as it is sent to Google; any other body is dropped. */
async function bodyOf(
  request: IncomingRequest,
  types: UpstreamOperation['types'],
): Promise<TypedBody | undefined> {
  if (request.method !== 'POST' && request.method !== 'PATCH') {
    stopReceiving(request);
    return undefined;
  }
  const type = requireSmallBody(request, BODY.maxBytes, types);
  const bytes = await readBody(request, BODY);
  return type === FORM
    ? { type, bytes: rebuiltRefreshForm(bytes) }
    : { type: 'application/json', bytes };
}

/** @throws Problem */
async function callTo(
  place: Place,
  { upstream, parameters, types }: UpstreamOperation,
  request: IncomingRequest,
  target: Target,
  settings: GatewaySettings,
): Promise<UpstreamCall> {
  const { pairs: query, apiKey } = readQuery(target.query, parameters);
  const body = await bodyOf(request, types);
  const headers = upstreamHeaders(request, upstream, settings.projectId, body);
  // Firestore and Storage need no key: the project is in the path, and the rules guard it.
  if (isAuth(upstream)) query.push(`key=${encodeURIComponent(settings.apiKey(apiKey))}`);
  return {
    upstream,
    base: settings.upstreams[upstream],
    path: place.path + (query.length === 0 ? '' : `?${query.join('&')}`),
    // For HEAD as well: Google need not know it, and the answer is the same.
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? ''),
    headers,
    body: body?.bytes,
  };
}

/** Makes a call and passes its answer on as it arrives. Google's own errors are passed on unchanged. */
async function passOn(
  call: UpstreamCall,
  caller: string,
  { asking, sockets, timeoutMs }: GatewayEffects,
  whenGone: RequestInProgress['whenGone'],
): Promise<Outcome> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => {
    timeUp.abort(new Problem('upstream-timeout'));
  }, timeoutMs);
  const signal = AbortSignal.any([whenGone(), timeUp.signal]);
  try {
    const { status, headers, body } = await asking(call.upstream, caller, () =>
      ask(call, sockets, signal),
    );
    if (isAuth(call.upstream) && status >= 400) {
      const text = await readAnswer(body, signal);
      clearTimeout(timer);
      return {
        answer: { status, headers: answerHeaders(status, headers), body: text },
        facts: { refusal: authQuotaRefusal(status, text) },
      };
    }
    return {
      answer: {
        status,
        headers: answerHeaders(status, headers),
        body: (response) =>
          relay(body, response, signal).finally(() => {
            clearTimeout(timer);
          }),
      },
    };
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}

/**
 * The gateway's allow-list: only the listed paths, methods, parameters and headers are forwarded.
 */
export function gatewayRoutes(settings: GatewaySettings, effects: GatewayEffects): Route[] {
  const uploading = boundedUploads();
  const callerOf = (request: IncomingRequest): string =>
    requestClient(request, settings.isTrustedProxy).address;

  function operationsOf(place: Place, target: Target, request: IncomingRequest): Operations {
    const operations = Object.entries(place.operations).map(([method, operation]) => {
      const run = async ({ whenGone }: RequestInProgress): Promise<Outcome> => {
        const call = await callTo(place, operation, request, target, settings);
        return passOn(call, callerOf(request), effects, whenGone);
      };
      return [method, { name: operation.name, run }] as const;
    });
    return Object.fromEntries(operations);
  }

  function googleAt(request: IncomingRequest): Operations | undefined {
    const target = parseTarget(targetOf(request));
    const place = target && placeAt(target.path, settings.projectId);
    return place && operationsOf(place, target, request);
  }

  function storageAt(request: IncomingRequest): Operations | undefined {
    const target = parseTarget(targetOf(request));
    const file = target && fileAt(target.path, settings.buckets);
    if (!file) return undefined;
    const run = ({ whenGone }: RequestInProgress): Promise<Outcome> => {
      const given = queryValues(target.query, METADATA);
      const headers = upstreamHeaders(request, 'storage', settings.projectId, undefined);
      // A form needs no preflight: without this, any web page could make its visitors upload.
      if (headers['Authorization'] === undefined) throw new Problem('unauthenticated');
      const caller = callerOf(request);
      const base = settings.upstreams.storage;
      return uploading(caller, () =>
        upload({ to: file, given, base, headers, caller }, request, effects, whenGone),
      );
    };
    return {
      ...operationsOf(metadataPlace(file), target, request),
      POST: { name: 'storage.upload', run },
    };
  }

  return [
    ...GOOGLE.map((source): Route => ({ source, cors: CORS, operationsAt: googleAt })),
    { source: STORAGE, cors: CORS, operationsAt: storageAt },
    validationRoute(() => settings.validationFiles),
  ];
}
