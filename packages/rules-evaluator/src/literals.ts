import { Unsupported } from './failures';
import { int, type Value } from './values';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([\da-fA-F]{4})|(.))/gs, (escape: string, hex?: string) => {
      const plain =
        hex === undefined ? ESCAPES[escape.slice(1)] : String.fromCharCode(parseInt(hex, 16));
      if (plain === undefined) throw new Unsupported(`escape ${escape}`);
      return plain;
    });
}

/** The value of a literal in the source. */
export function literal(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?\d+$/.test(text)) return int(BigInt(text));
  if (/^\d*\.\d+$/.test(text)) return Number(text);
  if (/^['"]/.test(text)) return unquote(text);
  throw new Unsupported(`literal ${text}`);
}
