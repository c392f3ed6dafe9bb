import { corsHeaders, preflightHeaders } from './cors';

const allowed = new Set(['https://a.example']);

describe('corsHeaders', () => {
  it('are none at all without a list of origins', () => {
    expect(corsHeaders('https://a.example', new Set())).toEqual({});
  });

  it('name an origin that is on the list', () => {
    expect(corsHeaders('https://a.example', allowed)).toMatchObject({
      'Access-Control-Allow-Origin': 'https://a.example',
      Vary: 'Origin',
    });
  });

  it.each([
    undefined,
    'https://b.example',
    'https://a.example.evil',
    'null',
    '*',
    'HTTPS://A.EXAMPLE',
  ])('grant %s nothing', (origin) => {
    expect(corsHeaders(origin, allowed)).toEqual({ Vary: 'Origin' });
    expect(preflightHeaders(origin, allowed)).toBeUndefined();
  });
});

describe('preflightHeaders', () => {
  it('allow what a login needs and no cookies', () => {
    const headers = preflightHeaders('https://a.example', allowed);
    expect(headers).toMatchObject({
      'Access-Control-Allow-Origin': 'https://a.example',
      'Access-Control-Allow-Methods': 'POST',
    });
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
  });
});
