import { sessionClaims } from './login';

describe('sessionClaims', () => {
  it('holds the fixed list and nothing that could outlive its truth', () => {
    const tiki = { name: 'tiki', customerIdClaim: 'tikiCustomerId' };
    expect(sessionClaims(tiki, '9007199254740993')).toEqual({
      provider: 'tiki',
      tikiCustomerId: '9007199254740993',
    });
  });
});
