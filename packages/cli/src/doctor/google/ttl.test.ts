import { readFileSync } from 'node:fs';
import path from 'node:path';
import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { ROOT } from '../../project-files';
import { clinicForEachTest } from '../fakes/clinic';
import { AT, denied, functionJson, googleError, PROJECT } from '../fakes/google';
import { TTL_FIELDS } from './ttl';

const clinic = clinicForEachTest();

const withFields = (...names: string[]) => ({
  [AT.ttl]: jsonAnswer(200, {
    fields: names.map((name) => {
      const [collection = '', field = ''] = name.split('.');
      const group = `projects/${PROJECT}/databases/(default)/collectionGroups/${collection}`;
      return { name: `${group}/fields/${field}`, ttlConfig: { state: 'ACTIVE' } };
    }),
  }),
});

it.each([
  ['there is no database', { [AT.ttl]: googleError(404, 'NOT_FOUND') }],
  ['only a field of another feature is none', withFields('bridgeAudit.auditExpiresAt')],
])('is well where %s', async (_, routes) => {
  expect(await clinic.find('ttl', routes)).toMatchObject({ state: 'ok' });
});

it.each([
  ['the audit trail', withFields('orders.uid', 'handOvers.auditExpiresAt'), 'bridgeAudit'],
  [
    'the shared rate limit',
    {
      ...withFields('bridgeAudit.auditExpiresAt'),
      [AT.function]: functionJson({ environmentVariables: { RATE_LIMIT_STORE: 'firestore' } }),
    },
    'rateLimits.expiresAt;',
  ],
  [
    'payments',
    { ...withFields('bridgeAudit.auditExpiresAt'), [AT.payments]: functionJson({}, 'payments') },
    'orderMessages.expiresAt;',
  ],
])('warns where %s would never be deleted', async (_, routes, name) => {
  const finding = await clinic.find('ttl', routes);

  expect(finding).toMatchObject({
    state: 'warning',
    remedy: `npx firebase deploy --only firestore:indexes --project ${PROJECT}`,
  });
  expect(finding?.message).toContain(`no TTL field: ${name}`);
});

it('is not checked without the permission', async () => {
  expect(await clinic.find('ttl', { [AT.ttl]: denied })).toMatchObject({ state: 'not-checked' });
});

it('knows all TTL fields that are deployed', () => {
  const { fieldOverrides } = JSON.parse(
    readFileSync(path.join(ROOT, 'firestore.indexes.json'), 'utf8'),
  ) as { fieldOverrides: { collectionGroup: string; fieldPath: string; ttl?: boolean }[] };
  const declared = fieldOverrides.flatMap(({ collectionGroup, fieldPath, ttl }) =>
    ttl ? [`${collectionGroup}.${fieldPath}`] : [],
  );

  expect(['handOvers.expiresAt', ...TTL_FIELDS.map(({ name }) => name)].sort()).toEqual(
    declared.sort(),
  );
});
