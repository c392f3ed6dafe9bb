import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { signedHeaders, tikiSignature } from './signature';

// Published with Tiki's documentation of the signature.
const credentials = {
  clientKey: 'RLCKb7Ae9kx4DXtXsCWjnDXtggFnM43W',
  clientSecret: 'EhjGcsUUuRSJTHiYPbW5fxzyaKEx0JuAZIKRQ4HnIfNFidB2kMg6locQbTIEz3Vf',
};
const timestamp = 1620621619569;

describe('tikiSignature', () => {
  it('agrees with the published vector for POST', () => {
    expect(tikiSignature(credentials, timestamp, '{"id":123}')).toBe(
      '8ebd092b9df2cf90e8ccbcab2ba87ee14f2abb25eb8f18b4d7286d42adcd45c2',
    );
  });

  it('agrees with the published vector for GET', () => {
    const path = '/order?location=H%C3%A0%20N%E1%BB%99i&order_id=88062110977884170';
    expect(tikiSignature(credentials, timestamp, path)).toBe(
      'e1e0d63f7f8296dd31b2c082e611351a6c41a3bc0309a9299832f70b693722c8',
    );
  });

  it('signs the unpadded base64url of the payload, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.nat({ max: 2 ** 45 }),
        fc.string({ unit: 'binary' }),
        (clientKey, clientSecret, at, content) => {
          const payload = Buffer.from(`${at}.${clientKey}.${content}`).toString('base64');
          const encoded = payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
          const expected = createHmac('sha256', clientSecret).update(encoded).digest('hex');
          expect(tikiSignature({ clientKey, clientSecret }, at, content)).toBe(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('changes with every part that is signed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.string(), (at, one, other) => {
        fc.pre(one !== other && Buffer.from(one).compare(Buffer.from(other)) !== 0);
        const signature = tikiSignature(credentials, at, one);
        expect(signature).toMatch(/^[0-9a-f]{64}$/);
        expect(tikiSignature(credentials, at, other)).not.toBe(signature);
        expect(tikiSignature(credentials, at + 1, one)).not.toBe(signature);
        expect(
          tikiSignature({ ...credentials, clientSecret: `${credentials.clientSecret}x` }, at, one),
        ).not.toBe(signature);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('signedHeaders', () => {
  it('names the client under the header of today and the older one', () => {
    expect(signedHeaders(credentials, timestamp, '{"id":123}')).toEqual({
      'X-Tiniapp-Timestamp': '1620621619569',
      'X-Tiniapp-Client-Id': credentials.clientKey,
      'X-Tiniapp-Client-Key': credentials.clientKey,
      'X-Tiniapp-Signature': '8ebd092b9df2cf90e8ccbcab2ba87ee14f2abb25eb8f18b4d7286d42adcd45c2',
    });
  });
});
