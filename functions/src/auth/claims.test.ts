import { sessionClaims } from './claims';

describe('sessionClaims', () => {
  it('holds the fixed list and nothing that could be outlived', () => {
    expect(sessionClaims('9007199254740993')).toEqual({
      provider: 'tiki',
      tikiCustomerId: '9007199254740993',
    });
  });
});
