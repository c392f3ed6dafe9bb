import type { Result } from '../results';
import { plot } from './plot';
import { formatTable, missedGoals } from './table';

const latency: Result = {
  name: 'Latency',
  unit: '÷ upstreams',
  goal: { atMost: 1.05 },
  measured: { median: 1.04, min: 1.02, max: 1.2, rounds: 3 },
};
const throughput: Result = {
  name: 'Throughput',
  unit: '÷ the limit',
  goal: { atLeast: 0.8 },
  measured: { median: 0.75, min: 0.7, max: 0.8, rounds: 2 },
};
const memory: Result = {
  name: 'Memory',
  unit: 'MiB',
  goal: { atMost: 140 },
  missing: 'no time left',
};
const cpu: Result = {
  name: 'CPU',
  unit: 'ms',
  measured: { median: 12.345, min: 0.125, max: 678.9, rounds: 3 },
};

describe('formatTable', () => {
  const lines = formatTable([cpu, latency, throughput, memory]).split('\n');

  it('shows goal, median and spread, and judges by the median, not by the worst round', () => {
    expect(lines[0]).toMatch(/^figure +ratio to, or unit +goal +median +min – max +rounds$/);
    expect(lines[1]).toMatch(/^Latency +÷ upstreams +≤ 1\.05 +1\.04 +1\.02 – 1\.20 +3 +met$/);
  });

  it('says in words what was missed', () => {
    expect(lines[2]).toMatch(/^Throughput +÷ the limit +≥ 0\.8 +0\.75 +0\.70 – 0\.80 +2 +MISSED$/);
  });

  it('shows a row that was not measured, and why', () => {
    expect(lines[3]).toMatch(/^Memory +MiB +≤ 140 +not measured: no time left$/);
  });

  it('puts figures without a goal last, without a verdict', () => {
    expect(lines[4]).toBe('on this machine');
    expect(lines[5]).toMatch(/^CPU +ms +12\.3 +0\.13 – 679 +3$/);
    expect(lines).toHaveLength(6);
  });

  it('takes the goal itself for met', () => {
    const measured = { median: 0.8, min: 0.8, max: 0.8, rounds: 1 };
    expect(formatTable([{ ...throughput, measured }])).toMatch(/ met$/m);
  });
});

it('missedGoals names what was missed, and where to read on', () => {
  expect(missedGoals([latency, throughput, memory, cpu])).toEqual([
    expect.stringMatching(/^Missed: Throughput ÷ the limit\. .*growth\.md\.$/),
  ]);
  expect(missedGoals([latency, memory, cpu])).toEqual([]);
});

it('the plot has a bar for each goal that was measured, and escapes its texts', () => {
  const svg = plot([latency, { ...throughput, name: 'a < b' }, memory, cpu], 'x & y');
  expect(svg.match(/class="met"/g)).toHaveLength(1);
  expect(svg.match(/class="missed"/g)).toHaveLength(1);
  expect(svg).toContain('a &lt; b');
  expect(svg).toContain('x &amp; y');
});
