import { DELETION, type Everything, type Revoked } from '../../../../functions/src/operator';
import { printable } from '../printable';

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** How many documents there are in each collection below a user. */
function collectionsOf(documents: Everything['documents']): string {
  const counts = new Map<string, number>();
  for (const path of Object.keys(documents)) {
    const [, , collection = 'the profile'] = path.split('/');
    counts.set(collection, (counts.get(collection) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${printable(name)}: ${count}`).join(', ') || 'none';
}

function accountLine({ account }: Everything): string {
  if (!account) return 'none: never signed in, or deleted';
  const { disabled, createdAt, lastSignInAt, claims } = account;
  const state = disabled ? 'DISABLED, ' : '';
  return (
    `${state}created ${createdAt ?? '–'}, last sign-in ${lastSignInAt ?? '–'}, ` +
    `claims ${printable(JSON.stringify(claims))}`
  );
}

/** What is kept about a user, one place a line. */
export function describeUser(all: Everything): string {
  const { uid, entitlement, documents, handOvers, files, nodes, orders, audit } = all;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const placed = Object.keys(orders).filter((path) => path.split('/').length === 2);
  return [
    uid,
    `  account            ${accountLine(all)}`,
    `  premium            ${entitlement === null ? 'none' : `entitlements/${uid}`}`,
    `  Firestore          ${collectionsOf(documents)}`,
    `  hand-over codes    ${Object.keys(handOvers).length}`,
    `  Cloud Storage      ${counted(files.length, 'file')}, ${bytes} bytes`,
    `  Realtime Database  ${nodes ? Object.keys(nodes).join(', ') || 'nothing' : 'not configured (PREMIUM_DATABASE_URL)'}`,
    `  orders             ${placed.length}`,
    `  audit trail        ${counted(Object.keys(audit).length, 'document')}`,
  ].join('\n');
}

/** What a deletion leaves, and why. */
const KEPT = [
  'Kept: orders and the messages about them, which are your accounts (tax law wants them), and the',
  'audit trail and log entries, until they expire. Not known here: what your app keeps elsewhere.',
];

/** @param command The one that does it. */
export function describePlannedDeletion(all: Everything, command: string): string {
  return [
    describeUser(all),
    '',
    'To delete this customer:',
    ...DELETION.map(({ does }, index) => `  ${index + 1}. ${does.replaceAll('<uid>', all.uid)}`),
    ...KEPT,
    `Nothing was changed. It is final; to do it: ${command}`,
  ].join('\n');
}

/** @param command The one that deletes again. */
export function describeDeletion(uid: string, command: string): string {
  return [
    `Deleted ${uid}.`,
    ...KEPT,
    'An ID token lasts an hour: if the customer was online, delete again after an hour:',
    `  ${command}`,
  ].join('\n');
}

/** @param command The one that ends the sessions. */
export function describePlannedRevocation(since: number, everybody: boolean, command: string) {
  const who = everybody ? 'everybody (not only customers of Tiki)' : 'all customers';
  return [
    `This would end the sessions of ${who} who signed in or refreshed a token since`,
    `${new Date(since).toISOString()}. They sign in again; in a Tini App without noticing.`,
    `Nothing was changed. To do it: ${command}`,
  ].join('\n');
}

/** @param command The one that tries again. */
export function describeRevocation({ looked, revoked, failed }: Revoked, command: string): string {
  return [
    `Looked at ${counted(looked, 'account')}: ended the sessions of ${revoked}.`,
    ...(failed.length === 0
      ? ['ID tokens that exist already last up to an hour more.']
      : [
          `Failed for ${failed.length}, such as ${printable(failed[0] ?? '')}. Repeat it: ${command}`,
        ]),
  ].join('\n');
}
