import type { CloudEvent, CloudFunction } from 'firebase-functions';
import { onCustomEventPublished, type EventarcTriggerOptions } from 'firebase-functions/eventarc';
import { lazily } from '../lazy';

type Handler = (event: CloudEvent<unknown>) => unknown;

export interface TriggerOptions extends Omit<
  EventarcTriggerOptions,
  'eventType' | 'channel' | 'filters'
> {
  readonly on: 'created' | 'written';
  /** A path with wildcards, such as `users/{uid}`. */
  readonly document: string;
}

/**
 * A Firestore trigger that loads nothing before its first event. `firebase-functions/firestore` loads
 * the whole Firestore client where a trigger is declared, which every login would pay for: all functions
 * share one entry module. The handler is a function of that module, made when an event arrives.
 *
 * @param make Called once, or again after it failed.
 * @see makeEndpoint in firebase-functions/src/v2/providers/firestore.ts, which a test compares with it
 */
export function firestoreTrigger(
  { on, document, ...options }: TriggerOptions,
  make: () => Promise<Handler>,
): CloudFunction<CloudEvent<unknown>> {
  const run: Handler = lazily(make);
  const eventType = `google.cloud.firestore.document.v1.${on}`;
  const { __endpoint } = onCustomEventPublished({ ...options, eventType }, run);
  return Object.assign((event: CloudEvent<unknown>) => run(event), {
    run,
    __endpoint: {
      ...__endpoint,
      eventTrigger: {
        eventType,
        eventFilters: { database: '(default)', namespace: '(default)' },
        eventFilterPathPatterns: { document },
        retry: options.retry ?? false,
      },
    },
  });
}
