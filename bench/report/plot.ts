import type { Row } from './table';

const WIDTH = 930;
const LINE = 34;
const TOP = 64;
const LEFT = 330;
/** Pixels from zero to the bound; what lies beyond twice the bound is cut. */
const BOUND = 190;
const CUT = 2;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .met { fill: #2da44e } .missed { fill: #cf222e } .bound { stroke: #59636e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9198a1 } }`;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** From the lowest to the highest round, where there were several. */
function spreadOf({ min, max, rounds }: Row): string {
  return rounds > 1 ? `, ${min.toFixed(2)} to ${max.toFixed(2)}` : '';
}

function bar(row: Row, index: number): string {
  const y = TOP + index * LINE;
  const width = (Math.min(row.used, CUT) * BOUND).toFixed(1);
  const right = LEFT + CUT * BOUND + 10;
  return [
    `<text x="${LEFT - 10}" y="${y + 9}" text-anchor="end">${escaped(row.name)}</text>`,
    `<text x="${LEFT - 10}" y="${y + 23}" text-anchor="end" class="small">ratio to ${escaped(row.against)}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${width}" height="18" rx="2" class="${row.met ? 'met' : 'missed'}"/>`,
    `<text x="${right}" y="${y + 13}" class="small">${row.median.toFixed(2)} (${escaped(row.target)})${spreadOf(row)}</text>`,
  ].join('\n');
}

/** The table as a picture: each bar is the share that was used of what its target allows. */
export function plot(rows: readonly Row[], caption: string): string {
  const height = TOP + rows.length * LINE + 16;
  const bound = LEFT + BOUND;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Benchmark: share used of each target">
<style>${STYLE}
</style>
<text x="16" y="24" font-weight="600">Share used of each target; the shorter the better</text>
<text x="16" y="42" class="small">${escaped(caption)}</text>
${rows.map(bar).join('\n')}
<line x1="${bound}" y1="${TOP - 8}" x2="${bound}" y2="${height - 12}" class="bound"/>
<text x="${bound}" y="${TOP - 12}" text-anchor="middle" class="small">target</text>
</svg>
`;
}
