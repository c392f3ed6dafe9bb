import { explainPushFailure } from './operate';

describe('explainPushFailure', () => {
  it('grants a role to the login of the operator, not to the account of a function', () => {
    const error = new Error('7 PERMISSION_DENIED: Missing or insufficient permissions.');
    const message = explainPushFailure(error, 'tiki-shop');
    expect(message).toContain(
      'gcloud projects add-iam-policy-binding tiki-shop --role roles/datastore.user ' +
        "--member 'user:<your e-mail>'",
    );
    expect(message).not.toMatch(/pushnotification|this service/);
  });

  it.each([
    ['5 NOT_FOUND: The database (default) does not exist', /databases create .*tiki-shop/],
    ['14 UNAVAILABLE: no connection', /did not answer/],
  ])('explains %j', (words, expected) => {
    expect(explainPushFailure(new Error(words), 'tiki-shop')).toMatch(expected);
  });
});
