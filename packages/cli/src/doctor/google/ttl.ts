import { z } from 'zod';
import { defineCheck, type Known } from '../check';
import { deploy } from '../commands';
import { ok, warning } from '../finding';
import { cannotLook } from './cannot-look';

interface TtlField {
  /** The collection and its field. */
  readonly name: string;
  /** Whether this project writes such documents. */
  readonly isUsed: (facts: Partial<Known<'deployed' | 'payments' | 'push'>>) => boolean;
}

/** Of firestore.indexes.json, except `handOvers`, which the check `sessions` looks at. */
export const TTL_FIELDS: readonly TtlField[] = [
  { name: 'bridgeAudit.auditExpiresAt', isUsed: () => true },
  {
    name: 'rateLimits.expiresAt',
    isUsed: ({ deployed }) => deployed?.environment['RATE_LIMIT_STORE'] === 'firestore',
  },
  { name: 'orderMessages.expiresAt', isUsed: ({ payments }) => payments !== undefined },
  { name: 'notifications.pushExpiresAt', isUsed: ({ push }) => push !== undefined },
];

const fieldsSchema = z.object({ fields: z.array(z.object({ name: z.string() })).default([]) });

/**
 * A field that is no TTL field deletes nothing, and nobody notices.
 *
 * https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.fields/list
 */
export const ttl = defineCheck({
  name: 'ttl',
  title: 'Expiry of documents',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  look: async (_world, facts) => {
    const { google, projectId, subject } = facts;
    const groups = `projects/${projectId}/databases/(default)/collectionGroups`;
    const answer = await google.get(
      // Of all collections: as the Firebase CLI asks.
      `https://firestore.googleapis.com/v1/${groups}/-/fields?filter=ttlConfig:*`,
      fieldsSchema,
    );
    // Logins need none.
    if (answer.kind === 'not-found') return ok('there is no Firestore database');
    if (answer.kind !== 'data') {
      const what = 'the TTL fields of Firestore';
      return cannotLook(answer, { google, projectId, what, role: 'roles/datastore.viewer' });
    }
    const found = new Set(
      answer.data.fields.map(({ name }) => {
        const [, collection, field] = /([^/]+)\/fields\/([^/]+)$/.exec(name) ?? [];
        return `${collection ?? ''}.${field ?? ''}`;
      }),
    );
    const missing = TTL_FIELDS.filter(({ name, isUsed }) => isUsed(facts) && !found.has(name));
    return missing.length === 0
      ? ok('documents of the bridge expire')
      : warning(
          `no TTL field: ${missing.map(({ name }) => name).join(', ')}; such documents are never deleted`,
          // Without the rules, which may be those of the app.
          deploy('firestore:indexes', subject),
        );
  },
});
