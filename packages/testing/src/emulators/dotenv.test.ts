import fc from 'fast-check';
import { formatDotenv, parseDotenv } from './dotenv';

describe('parameter files', () => {
  it('are written so that the Firebase CLI reads any value back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const values = { BEFORE: '1', VALUE: value, AFTER: '2' };

        expect(parseDotenv(formatDotenv(values))).toEqual({ values, fault: undefined });
      }),
    );
  });

  it('escape what would end the quotes', () => {
    expect(formatDotenv({ NAME: 'a"b\\c\nd' })).toBe('NAME="a\\"b\\\\c\\nd"\n');
  });

  it.each([
    ['NAME=value', 'value'],
    ['export NAME=value', 'value'],
    ['NAME = value # a comment', 'value'],
    ['NAME="value" # a comment', 'value'],
    ["NAME='a # b'\r", 'a # b'],
    ['# a comment\nNAME=', ''],
  ])('are read as the Firebase CLI reads them: %j', (text, value) => {
    expect(parseDotenv(text)).toEqual({ values: { NAME: value }, fault: undefined });
  });

  it.each([
    ['my-secret', 'it has lines that are not NAME=value'],
    ['lower_case=my-secret', expect.stringContaining('Key lower_case must start with')],
    ['FIREBASE_TOKEN=my-secret', expect.stringContaining('reserved prefix')],
  ])('have a fault where the CLI refuses them, which quotes no value: %s', (text, fault) => {
    const found = parseDotenv(text);

    expect(found.fault).toEqual(fault);
    expect(found.fault).not.toContain('my-secret');
  });
});
