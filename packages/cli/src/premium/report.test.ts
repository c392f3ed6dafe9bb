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
  const report = {
    ...{ customers: 5, changed: 3 },
    left: [{ uid: 'tiki:\u001b[2K', id: 'gift', why: 'invalid-uid' }],
    deleted: [{ uid: 'tiki:1', at: Date.UTC(2027, 0, 1) }],
    lostOrders: [{ uid: 'tiki:2', reference: 'o1' }],
  } as const;
  expect(describeReplay(report).split('\n')).toEqual([
    'Customers with purchases in the audit trail: 5. Changed: 3.',
    'Could not be repeated:',
    '  tiki:\ufffd[2K  gift  invalid-uid',
    'Deleted in this period. What the export had of them is there again:',
    '  tiki:1  2027-01-01T00:00:00.000Z',
    'Orders that this database does not have. Tini Console says what became of them:',
    '  tiki:2  o1',
    'How to go on: docs/runbook.md#restore-firestore',
  ]);
});
