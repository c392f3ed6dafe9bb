import { describeReplay, describeReport } from './report';

describe('the report of a reconciliation', () => {
  it('shows the name of a malformed document without what would control the terminal', () => {
    const uid = 'tiki:1\u001b[2K\u009b2J\u202e';
    const drifts = [{ uid, kind: 'document-malformed', mended: false }] as const;
    const text = describeReport({ documents: 1, accounts: 0, drifts, withoutAccount: [] }, '');
    expect(text).toContain('  tiki:1\ufffd[2K\ufffd2J\ufffd ');
  });
});

it('the report of a replay says what is left to do for whom', () => {
  const left = [
    { uid: 'tiki:1', why: 'deleted' },
    { uid: 'tiki:\u001b[2K', why: 'invalid-uid' },
  ] as const;
  const options = { project: 'shop', json: false };
  expect(describeReplay({ customers: 5, changed: 3, left }, options).split('\n')).toEqual([
    'Customers in the audit trail: 5, changed: 3.',
    '  tiki:1 was deleted, but the restore brought it back: npm run bridge -- user delete tiki:1 --project shop',
    '  tiki:\ufffd[2K could not be changed: invalid-uid',
  ]);
});
