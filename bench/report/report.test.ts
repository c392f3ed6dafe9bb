import type { Figure } from '../figure';
import { plot } from './plot';
import { formatTable, remarkOn, rowOf } from './table';

const latency: Figure = {
  name: 'Latency',
  against: 'upstreams',
  bound: 'at most',
  target: 1.05,
  ratios: [1.02, 1.04, 1.2],
};
const throughput: Figure = {
  name: 'Throughput',
  against: 'the limit',
  bound: 'at least',
  target: 0.85,
  ratios: [0.8, 0.7],
};

describe('rowOf', () => {
  it('judges by the median, not by the worst round', () => {
    expect(rowOf(latency)).toMatchObject({ median: 1.04, max: 1.2, met: true, target: '≤ 1.05' });
  });

  it('turns a lower bound round: less than the target uses more than all of it', () => {
    const row = rowOf(throughput);
    expect(row.met).toBe(false);
    expect(row.used).toBeCloseTo(0.85 / 0.75);
  });

  it('takes the bound itself for met', () => {
    expect(rowOf({ ...throughput, ratios: [0.85] }).met).toBe(true);
  });
});

it('the table says in words what was missed', () => {
  const [head, first, second] = formatTable([rowOf(latency), rowOf(throughput)]).split('\n');
  expect(head).toMatch(/^figure +ratio to +target +median +spread$/);
  expect(first).toMatch(/^Latency +÷ upstreams +≤ 1\.05 +1\.04 +1\.02 to 1\.20 +met$/);
  expect(second).toMatch(/MISSED$/);
});

it('a remark names what was missed, and says where to read on', () => {
  expect(remarkOn([rowOf(latency), rowOf(throughput)])).toMatch(
    /^Missed: Throughput\. .*growth\.md/,
  );
  expect(remarkOn([rowOf(latency)])).toBeUndefined();
});

it('the plot colours what was missed, and escapes its texts', () => {
  const svg = plot([rowOf(latency), rowOf({ ...throughput, name: 'a < b' })], 'x & y');
  expect(svg.match(/class="met"/g)).toHaveLength(1);
  expect(svg.match(/class="missed"/g)).toHaveLength(1);
  expect(svg).toContain('a &lt; b');
  expect(svg).toContain('x &amp; y');
});
