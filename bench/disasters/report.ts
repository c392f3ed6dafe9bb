import type { Seen } from './customers';

/** What customers saw of one disaster. */
export interface Played {
  readonly name: string;
  readonly before: Seen;
  readonly during: Seen;
  /** From the end of the cause to the first login, ms; undefined: it did not recover. */
  readonly recoveredMs: number | undefined;
  readonly after: Seen;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function line(when: string, { answers, longestMs }: Seen): string {
  const counted = Object.entries(answers)
    .sort(([, one], [, other]) => other - one)
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');
  return `  ${when.padEnd(8)}${counted}; longest wait ${seconds(longestMs)}`;
}

export function describe({ name, before, during, recoveredMs, after }: Played): string {
  return [
    name,
    line('before', before),
    line('during', during),
    `  ${recoveredMs === undefined ? 'NOT RECOVERED' : `recovered ${seconds(recoveredMs)} after its end`}`,
    line('after', after),
  ].join('\n');
}
