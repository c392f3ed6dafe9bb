import { corsHeaders, preflightHeaders } from './cors';

const allowed = new Set(['https://a.example']);

const login = { methods: 'POST', headers: 'Content-Type' };

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
    expect(preflightHeaders(origin, allowed, login)).toBeUndefined();
  });
});

describe('preflightHeaders', () => {
  it('allow what is asked for and no cookies', () => {
    const headers = preflightHeaders('https://a.example', allowed, login);
    expect(headers).toMatchObject({
      'Access-Control-Allow-Origin': 'https://a.example',
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Content-Type',
    });
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
  });
});
