import { type SloName, sloPath } from './metrics';

// When an alert policy opens an incident: all of its conditions have to be met.
// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#condition

/** Any entry of the log that matches. */
export const onEntry = (filter: string) => [
  { displayName: 'An entry in the log', conditionMatchedLog: { filter } },
];

const sumOver = (minutes: number) => [
  {
    alignmentPeriod: `${minutes * 60}s`,
    perSeriesAligner: 'ALIGN_DELTA',
    crossSeriesReducer: 'REDUCE_SUM',
  },
];

const moreThan = (thresholdValue: number) => ({
  comparison: 'COMPARISON_GT',
  thresholdValue,
  duration: '0s',
  trigger: { count: 1 },
});

export const onCount = (filter: string, count: number, minutes = 5) => [
  {
    displayName: `More than ${count} in ${minutes} minutes`,
    conditionThreshold: { filter, aggregations: sumOver(minutes), ...moreThan(count) },
  },
];

/** More than a share of all of them. Zero of zero is no share, and no alert. */
export const onShare = (filter: string, all: string, share: number, minutes: number) => [
  {
    displayName: `More than ${share * 100} % in ${minutes} minutes`,
    conditionThreshold: {
      filter,
      aggregations: sumOver(minutes),
      denominatorFilter: all,
      denominatorAggregations: sumOver(minutes),
      ...moreThan(share),
    },
  },
];

/** Whether the error budget is being spent too fast, over a long window and still over a short one. */
export const onBurn = (slo: SloName, rate: number, ...windows: readonly string[]) =>
  windows.map((window) => ({
    displayName: `More than ${rate} times as fast as allowed, over ${window}`,
    conditionThreshold: {
      filter: `select_slo_burn_rate("${sloPath(slo)}", "${window}")`,
      ...moreThan(rate),
    },
  }));
