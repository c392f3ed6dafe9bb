import { thrown } from '../../test/premium/thrown';
import { isUidOfCustomer, parseCustomerUid } from './customer-uid';

describe('parseCustomerUid', () => {
  it.each(['tiki:1', 'tiki:9223372036854775807'])('accepts %s', (uid) => {
    expect(parseCustomerUid(uid)).toBe(uid);
    expect(isUidOfCustomer(uid)).toBe(true);
  });

  it.each([
    '',
    '123',
    'tiki:',
    'tiki:0',
    'tiki:-1',
    'tiki:01',
    'tiki:1.0',
    'tiki:1e3',
    'tiki: 1',
    'tiki:1 ',
    'tiki:1/x',
    'TIKI:1',
    'zalo:1',
    'tiki:tiki:1',
    'tiki:undefined',
    'tiki:9223372036854775808',
  ])('refuses %j', (text) => {
    expect(thrown(() => parseCustomerUid(text)).code).toBe('invalid-uid');
    expect(isUidOfCustomer(text)).toBe(false);
  });
});
