import { parse, parseNumberAndBigInt } from 'lossless-json';

/**
 * Parses JSON without losing digits: integers come as `bigint`, all other numbers as `number`.
 *
 * Tiki's ids are int64 and bare JSON numbers. `JSON.parse` rounds everything above 2^53 and would
 * sign one customer in as another. Equal keys with different values are refused as well, since
 * parsers disagree on which of them counts.
 *
 * @throws SyntaxError (whose message may quote the input: never log it)
 */
export function parseLosslessJson(text: string): unknown {
  return parse(text, null, parseNumberAndBigInt);
}
