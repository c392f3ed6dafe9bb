import { describeReport } from './report';

describe('the report of a reconciliation', () => {
  it('shows the name of a malformed document without what would control the terminal', () => {
    const uid = 'tiki:1\u001b[2K\u009b2J\u202e';
    const drifts = [{ uid, kind: 'document-malformed', mended: false }] as const;
    const text = describeReport({ documents: 1, accounts: 0, drifts, withoutAccount: [] }, '');
    expect(text).toContain('  tiki:1\ufffd[2K\ufffd2J\ufffd ');
  });
});
