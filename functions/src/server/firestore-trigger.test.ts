import { onDocumentCreated, onDocumentWritten } from 'firebase-functions/firestore';
import { firestoreTrigger } from './firestore-trigger';

const OPTIONS = {
  region: 'asia-southeast1',
  memory: '256MiB',
  retry: true,
  document: 'users/{uid}/notifications/{id}',
} as const;
const nothing = () => undefined;

it.each([
  ['created', onDocumentCreated(OPTIONS, nothing)],
  ['written', onDocumentWritten(OPTIONS, nothing)],
] as const)('is declared as the trigger of firebase-functions is: %s', (on, theirs) => {
  const ours = firestoreTrigger({ ...OPTIONS, on }, () => Promise.resolve(nothing));

  // As the Firebase CLI reads it.
  expect(JSON.parse(JSON.stringify(ours.__endpoint))).toEqual(
    JSON.parse(JSON.stringify(theirs.__endpoint)),
  );
});

it('makes its handler for the first event, and again if that failed', async () => {
  const seen: unknown[] = [];
  let makes = 0;
  const trigger = firestoreTrigger({ ...OPTIONS, on: 'created' }, () => {
    makes += 1;
    if (makes === 1) return Promise.reject(new Error('no network'));
    return Promise.resolve((event: unknown) => seen.push(event));
  });
  const event = { id: '1' } as Parameters<typeof trigger>[0];

  await expect(trigger(event)).rejects.toThrow('no network');
  await trigger(event);
  await trigger(event);
  expect([makes, seen]).toEqual([2, [event, event]]);
});
