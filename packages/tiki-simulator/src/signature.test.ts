import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { equalInConstantTime, explainMismatch, tikiSignature } from './signature';

/** The two test vectors in Tiki's documentation, page "calculate signature". */
const DOCUMENTED = {
  clientKey: 'RLCKb7Ae9kx4DXtXsCWjnDXtggFnM43W',
  clientSecret: 'EhjGcsUUuRSJTHiYPbW5fxzyaKEx0JuAZIKRQ4HnIfNFidB2kMg6locQbTIEz3Vf',
  timestamp: '1620621619569',
  vectors: [
    {
      content: '{"id":123}',
      signature: '8ebd092b9df2cf90e8ccbcab2ba87ee14f2abb25eb8f18b4d7286d42adcd45c2',
    },
    {
      content: '/order?location=H%C3%A0%20N%E1%BB%99i&order_id=88062110977884170',
      signature: 'e1e0d63f7f8296dd31b2c082e611351a6c41a3bc0309a9299832f70b693722c8',
    },
  ],
} as const;

const SIGNED = {
  timestamp: '1700000000000',
  clientKey: 'key',
  // Its base64 contains "/" and padding, so the variants differ.
  content: Buffer.from('{ "code": "???>>>~~~ÿÿ!" }'),
};
const PAYLOAD = Buffer.concat([Buffer.from('1700000000000.key.'), SIGNED.content]);

function hmac(text: string | Buffer): string {
  return createHmac('sha256', 'secret').update(text).digest('hex');
}

describe('the signature', () => {
  it.each(DOCUMENTED.vectors)('matches the documented one for $content', (vector) => {
    const { clientSecret, clientKey, timestamp } = DOCUMENTED;
    const content = Buffer.from(vector.content);
    expect(tikiSignature(clientSecret, { timestamp, clientKey, content })).toBe(vector.signature);
  });

  it('changes with any byte of the body, even if it is not UTF-8', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, change) => {
          const other = Buffer.from(bytes);
          const index = at % other.length;
          other.writeUInt8(other.readUInt8(index) ^ change, index);
          const before = tikiSignature('secret', { ...SIGNED, content: Buffer.from(bytes) });
          expect(tikiSignature('secret', { ...SIGNED, content: other })).not.toBe(before);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the constant-time comparison', () => {
  it('agrees with ===', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(equalInConstantTime(a, b)).toBe(a === b);
        expect(equalInConstantTime(a, a)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the explanation of a mismatch', () => {
  const right = tikiSignature('secret', SIGNED);
  const padded = PAYLOAD.toString('base64');
  const compact = Buffer.from(JSON.stringify(JSON.parse(SIGNED.content.toString())));

  it.each([
    ['upper-case hex', right.toUpperCase(), 'lowercase'],
    ['a payload that was not encoded', hmac(PAYLOAD), 'encode it as base64url first'],
    ['plain base64', hmac(padded), 'without padding'],
    ['padded base64url', hmac(padded.replaceAll('+', '-').replaceAll('/', '_')), 'without padding'],
    [
      'a body serialised twice',
      tikiSignature('secret', { ...SIGNED, content: compact }),
      'the exact bytes that are sent',
    ],
    ['another secret', tikiSignature('other', SIGNED), 'another secret'],
    ['anything else', 'é', 'another secret'],
  ])('recognises %s', (_mistake, given, explanation) => {
    expect(explainMismatch('secret', SIGNED, given)).toContain(explanation);
  });
});
