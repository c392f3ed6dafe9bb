import { Problem } from '../problem';
import { explainTokenFailure } from './token-failure';

const ACCOUNTS = { signsAs: 'a@b.iam.gserviceaccount.com', callsAs: undefined, projectId: 'shop' };

it('keeps what is known already', () => {
  const known = new Problem('misconfigured');

  expect(explainTokenFailure(known, 'no token', ACCOUNTS)).toBe(known);
});

it('blames the service for what no operator can fix', () => {
  const problem = explainTokenFailure(new Error('socket hang up'), 'No token came.', ACCOUNTS);

  expect(problem.code).toBe('upstream-unavailable');
  expect(problem.extras.operator).toEqual({ cause: 'No token came.' });
});
