import { SessionError } from '../errors';
import type { Command, DeviceCommand } from '../messages';
import { type Credential, deleteDocument, writeDocument } from './device-documents';
import { clearDevice, type DeviceRecord, readDevice, writeDevice } from './device-record';

// This browser as one of the user's devices. It belongs to the session: whatever ends the session ends
// it too, also on a page that knows nothing of notifications.

// The type of `self` in this library is that of all workers.
const worker = self as unknown as ServiceWorkerGlobalScope;

/** A user with a session, or with one that has just ended. */
export interface Owner {
  readonly uid: string;
  readonly credential: () => Promise<Credential>;
}

/** A document is written again after a week, in ms: the bridge removes those of 270 days. */
const REWRITE_MS = 7 * 24 * 3_600_000;

export function isDeviceCommand(command: Command): command is DeviceCommand {
  return ['device', 'addDevice', 'removeDevice'].includes(command.command);
}

let last: Promise<unknown> = Promise.resolve();

/** One at a time: a registration that is under way ends before its device is removed. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const done = last.then(task);
  last = done.catch(() => undefined);
  return done;
}

async function add(
  owner: Owner,
  { token, language }: Extract<DeviceCommand, { command: 'addDevice' }>,
): Promise<void> {
  const { uid } = owner;
  const known = await readDevice();
  const isSame = known?.uid === uid && known.token === token && known.language === language;
  if (isSame && Date.now() - known.writtenAt < REWRITE_MS) return;
  const name = await writeDocument(await owner.credential(), uid, { token, language });
  await writeDevice({ uid, name, token, language, writtenAt: Date.now() });
}

/** Works without the network, too. FCM's token is useless from then on: the next user here gets another. */
async function unsubscribe(): Promise<void> {
  try {
    const subscription = await worker.registration.pushManager.getSubscription();
    await subscription?.unsubscribe();
  } catch {
    // What still arrives is for the former user, and is not shown.
  }
  await clearDevice();
}

async function deleteFor(owner: Owner, { name }: DeviceRecord): Promise<void> {
  try {
    await deleteDocument(await owner.credential(), name);
  } catch {
    // Such as offline, or for a disabled user. The bridge removes the document when FCM refuses its token.
  }
}

async function remove(owner: Owner): Promise<void> {
  const known = await readDevice();
  if (known?.uid !== owner.uid) return;
  await unsubscribe();
  await deleteFor(owner, known);
}

/**
 * Before a session ends: no notification of its user is shown any more, even if the browser stops the
 * worker at once. Returns what `endDevice` needs. Failures change nothing for the session.
 */
export async function silenceDevice(uid: string): Promise<DeviceRecord | undefined> {
  try {
    const known = await readDevice();
    if (known?.uid !== uid) return undefined;
    await clearDevice();
    return known;
  } catch {
    return undefined;
  }
}

/**
 * After a session has ended. Does not wait for the network: `devicesSettled` does.
 *
 * @param silenced Undefined: it was not silenced before.
 */
export async function endDevice(owner: Owner, silenced?: DeviceRecord): Promise<void> {
  const known = silenced ?? (await silenceDevice(owner.uid));
  inTurn(async () => {
    if (known) await deleteFor(owner, known);
    // A registration may have been under way.
    await remove(owner);
  }).catch(() => undefined);
  if (known) await unsubscribe().catch(() => undefined);
}

/** Resolves when all that was begun for this browser's device is done. */
export const devicesSettled = (): Promise<unknown> => last;

/**
 * Returns whether the user's notifications arrive here after the command.
 *
 * @throws SessionError `signed-out`, `unreachable`, or `firestore/…`
 */
export const obeyForDevice = (
  command: DeviceCommand,
  currentOwner: () => Promise<Owner | undefined>,
): Promise<boolean> =>
  inTurn(async () => {
    // Asked for in turn, because a sign-out may have come first.
    const owner = await currentOwner();
    const known = await readDevice();
    // The browser stopped the worker while the session ended.
    if (known && known.uid !== owner?.uid) await unsubscribe();
    if (command.command === 'addDevice') {
      if (owner === undefined) throw new SessionError('signed-out');
      await add(owner, command);
    }
    if (command.command === 'removeDevice' && owner) await remove(owner);
    return owner !== undefined && (await readDevice())?.uid === owner.uid;
  });
