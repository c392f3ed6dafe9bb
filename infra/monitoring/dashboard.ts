import { CLOUD_RUN, type MetricName, seriesOf, type SloName, sloPath } from './metrics';

// https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards

/** A dashboard is 48 columns wide. */
const WIDTH = 24;
const HEIGHT = 16;

const MINUTE = '60s';

/** How many, each minute, by a label. */
const counts = (name: MetricName, label: string, only = '') => ({
  plotType: 'STACKED_BAR',
  targetAxis: 'Y1',
  legendTemplate: `\${metric.labels.${label}}`,
  timeSeriesQuery: {
    timeSeriesFilter: {
      filter: `${seriesOf(name)}${only}`,
      aggregation: {
        alignmentPeriod: MINUTE,
        perSeriesAligner: 'ALIGN_DELTA',
        crossSeriesReducer: 'REDUCE_SUM',
        groupByFields: [`metric.label."${label}"`],
      },
    },
  },
});

const percentile = (percent: 50 | 95 | 99) => ({
  plotType: 'LINE',
  targetAxis: 'Y1',
  legendTemplate: `p${percent}`,
  timeSeriesQuery: {
    timeSeriesFilter: {
      filter: seriesOf('tiki-bridge-login-latency'),
      aggregation: {
        alignmentPeriod: MINUTE,
        perSeriesAligner: 'ALIGN_DELTA',
        crossSeriesReducer: `REDUCE_PERCENTILE_${percent}`,
      },
    },
  },
});

const ofCloudRun = (metric: string, aligner: string, reducer: string) => ({
  plotType: 'LINE',
  targetAxis: 'Y1',
  legendTemplate: '${resource.labels.service_name}',
  timeSeriesQuery: {
    timeSeriesFilter: {
      filter: `metric.type="run.googleapis.com/${metric}" AND resource.type="cloud_run_revision"`,
      aggregation: {
        alignmentPeriod: MINUTE,
        perSeriesAligner: aligner,
        crossSeriesReducer: reducer,
        groupByFields: ['resource.label."service_name"'],
      },
    },
  },
});

const budget = (slo: SloName) => ({
  plotType: 'LINE',
  targetAxis: 'Y1',
  legendTemplate: slo,
  timeSeriesQuery: {
    timeSeriesFilter: {
      filter: `select_slo_budget_fraction("${sloPath(slo)}")`,
      aggregation: { alignmentPeriod: MINUTE, perSeriesAligner: 'ALIGN_NEXT_OLDER' },
    },
  },
});

const chart = (title: string, ...dataSets: readonly object[]) => ({
  title,
  xyChart: { dataSets, yAxis: { scale: 'LINEAR' } },
});

const WIDGETS = [
  chart('Logins a minute, by outcome', counts('tiki-bridge-logins', 'outcome')),
  {
    title: 'Time of a login, ms; the line is the objective for p95',
    xyChart: {
      dataSets: [percentile(50), percentile(95), percentile(99)],
      thresholds: [{ value: 1_000, label: 'objective' }],
      yAxis: { scale: 'LINEAR' },
    },
  },
  chart('Error budget that is left, 1 = all', budget('login-success'), budget('login-latency')),
  chart(
    'Requests that failed, a minute, by outcome',
    counts('tiki-bridge-requests', 'outcome', ' AND metric.labels.outcome!="ok"'),
  ),
  chart('Requests a minute, by route', counts('tiki-bridge-requests', 'route')),
  chart(
    'Instances, by function',
    ofCloudRun('container/instance_count', 'ALIGN_MAX', 'REDUCE_SUM'),
  ),
  chart(
    'Memory in use, share of the limit, p99',
    ofCloudRun('container/memory/utilizations', 'ALIGN_PERCENTILE_99', 'REDUCE_MAX'),
  ),
  {
    title: 'What an operator can do something about',
    logsPanel: { filter: `${CLOUD_RUN} AND jsonPayload.operator.remedy:*` },
  },
];

export const DASHBOARD = {
  displayName: 'Tiki bridge',
  mosaicLayout: {
    columns: 2 * WIDTH,
    tiles: WIDGETS.map((widget, index) => ({
      xPos: (index % 2) * WIDTH,
      yPos: Math.floor(index / 2) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      widget,
    })),
  },
};
