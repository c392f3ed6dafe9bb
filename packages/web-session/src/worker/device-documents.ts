import { SessionError } from '../errors';
import { PREFIX } from './path-prefix';

// The user's devices in Firestore, through the bridge's gateway and with the user's own rights.

/** For one call, in ms: longer than a cold start of the gateway and one call to Google. */
const CALL_MS = 8_000;
/** Ids are `0` to `9`: the security rules bound a user's devices by their ids. */
const MAX_DEVICES = 10;
/** Another browser of the user may take the same place at the same time. */
const ATTEMPTS = 3;

export interface Credential {
  readonly idToken: string;
  readonly projectId: string;
}

/** A document of Firestore's REST API, as far as it is read. */
interface Document {
  readonly name: string;
  readonly updateTime: string;
  readonly fields?: { readonly token?: { readonly stringValue?: string } };
}

interface Listing {
  readonly documents?: readonly Document[];
}

interface Place {
  readonly name: string;
  /** The place must be as it was found. */
  readonly currentDocument: { readonly exists: false } | { readonly updateTime: string };
}

/** Canonical codes after which the devices have to be listed again. */
const CHANGED = ['firestore/already-exists', 'firestore/failed-precondition', 'firestore/aborted'];

/** Google's canonical code in an error's body, such as `PERMISSION_DENIED`. */
async function statusIn(response: Response): Promise<string | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  const error: unknown = body instanceof Object ? Reflect.get(body, 'error') : undefined;
  const status: unknown = error instanceof Object ? Reflect.get(error, 'status') : undefined;
  return typeof status === 'string' ? status : undefined;
}

/**
 * @param path From `projects/` on, encoded
 * @throws SessionError `unreachable`, or `firestore/…` with Google's canonical code
 */
async function call(path: string, idToken: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${PREFIX}/firestore/v1/${path}`, {
      ...init,
      headers: {
        Authorization: `Bearer ${idToken}`,
        ...(init.body !== undefined && { 'Content-Type': 'application/json' }),
      },
      cache: 'no-store',
      signal: AbortSignal.timeout(CALL_MS),
    });
    if (response.ok) return (await response.json()) as unknown;
  } catch {
    throw new SessionError('unreachable');
  }
  const status = await statusIn(response);
  if (status === undefined) throw new SessionError('unreachable');
  throw new SessionError(`firestore/${status.toLowerCase().replace(/_/g, '-')}`);
}

const databaseOf = (projectId: string) => `projects/${projectId}/databases/(default)/documents`;

/** The token's own place, else the first that is free, else the one written longest ago. */
function placeFor(token: string, devices: string, listed: readonly Document[]): Place {
  const own = listed.find(({ fields }) => fields?.token?.stringValue === token);
  if (own) return { name: own.name, currentDocument: { updateTime: own.updateTime } };
  const taken = new Set(listed.map(({ name }) => name));
  for (let id = 0; id < MAX_DEVICES; id += 1) {
    const name = `${devices}/${id}`;
    if (!taken.has(name)) return { name, currentDocument: { exists: false } };
  }
  const oldest = listed.reduce((one, other) =>
    Date.parse(other.updateTime) < Date.parse(one.updateTime) ? other : one,
  );
  return { name: oldest.name, currentDocument: { updateTime: oldest.updateTime } };
}

/**
 * Writes the device with the time of the server. Returns the document's name.
 *
 * @throws SessionError `unreachable`, or `firestore/…`
 */
export async function writeDocument(
  { idToken, projectId }: Credential,
  uid: string,
  { token, language }: { readonly token: string; readonly language: string },
): Promise<string> {
  const database = databaseOf(projectId);
  const fields = {
    token: { stringValue: token },
    platform: { stringValue: 'web' },
    language: { stringValue: language },
  };
  const updateTransforms = [{ fieldPath: 'updatedAt', setToServerValue: 'REQUEST_TIME' }];
  for (let attempt = 1; ; attempt += 1) {
    const query = `pageSize=${MAX_DEVICES}&mask.fieldPaths=token`;
    const at = `${database}/users/${encodeURIComponent(uid)}/devices?${query}`;
    // Firestore's documented answer.
    const { documents = [] } = (await call(at, idToken, {})) as Listing;
    const { name, currentDocument } = placeFor(
      token,
      `${database}/users/${uid}/devices`,
      documents,
    );
    const writes = [{ update: { name, fields }, updateTransforms, currentDocument }];
    try {
      const body = JSON.stringify({ writes });
      await call(`${database}:commit`, idToken, { method: 'POST', body });
      return name;
    } catch (error) {
      const isChanged = error instanceof SessionError && CHANGED.includes(error.code);
      if (!isChanged || attempt === ATTEMPTS) throw error;
    }
  }
}

/** @throws SessionError `unreachable`, or `firestore/…` */
export async function deleteDocument(
  { idToken, projectId }: Credential,
  name: string,
): Promise<void> {
  const body = JSON.stringify({ writes: [{ delete: name }] });
  await call(`${databaseOf(projectId)}:commit`, idToken, { method: 'POST', body });
}
