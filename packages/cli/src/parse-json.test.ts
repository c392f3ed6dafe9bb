import { faultOfJsonc, parseJsonc } from './parse-json';

it('reads what the Firebase CLI reads: comments and commas at the end', () => {
  expect(parseJsonc('{ // a\n "a": [1,], /* b */ }')).toEqual({ a: [1] });
  expect(parseJsonc('{"a":')).toBeUndefined();
  expect(faultOfJsonc('{}')).toBeUndefined();
});

it('names the line of the first error, and quotes nothing', () => {
  expect(faultOfJsonc('{\n  "a": 1\n  "secret": 2\n}')).toBe('line 3: comma expected');
  expect(faultOfJsonc('')).toBe('line 1: value expected');
});
