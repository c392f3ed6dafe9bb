import { isCustomerId, mistakenId } from './customers';

describe('isCustomerId', () => {
  it.each(['1', '1042', '9007199254740993', '9223372036854775807'])('accepts %s', (id) => {
    expect(isCustomerId(id)).toBe(true);
  });

  it.each(['', '0', '-1', '01', '1.0', '1e3', ' 1', '１', '9223372036854775808'])(
    'rejects %p',
    (id) => {
      expect(isCustomerId(id)).toBe(false);
    },
  );
});

describe('mistakenId', () => {
  it('returns the id that a rounding parser would read', () => {
    expect(mistakenId('9007199254740993')).toBe('9007199254740992');
    expect(mistakenId('9223372036854775807')).toBe('9223372036854775808');
  });

  it('is undefined for an id that a number holds exactly', () => {
    expect(mistakenId('9007199254740992')).toBeUndefined();
    expect(mistakenId('1042')).toBeUndefined();
  });
});
