import {
  BigValueTextMode,
  GraphDrawStyle,
  LineStyleBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimePanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { metricNames as names } from '../src/features/nightly/history/exports/metric-names.ts';

const source = { type: 'prometheus', uid: '$datasource' };
const host = 'host=~"$host"';
const chosen = `${host},runtime=~"$runtime",category=~"$category",stage="night"`;

/** A night is one sample: a step without one looks back to it. */
const newest = (metric: string, labels: string) => `last_over_time(${metric}{${labels}}[$__interval])`;
/** The same for a value that is wanted once. */
const last = (metric: string, labels: string) => `last_over_time(${metric}{${labels}}[$__range])`;

const query = (expr: string, legend: string, refId: string) =>
  new DataqueryBuilder().expr(expr).legendFormat(legend).refId(refId).range();
const instant = (expr: string, legend: string, refId: string) =>
  new DataqueryBuilder().expr(expr).legendFormat(legend).refId(refId).instant();

const stat = (title: string, expr: string, legend: string) =>
  new StatPanel()
    .title(title)
    .datasource(source)
    .span(6)
    .height(4)
    .withTarget(instant(expr, legend, 'A'));

const lines = (title: string, description: string) =>
  new TimePanel()
    .title(title)
    .description(description)
    .datasource(source)
    .span(24)
    .height(9)
    // One step a night.
    .interval('1d')
    .drawStyle(GraphDrawStyle.Line)
    .showPoints(VisibilityMode.Always)
    .pointSize(4)
    .lineWidth(1)
    // A night that is missing leaves a gap.
    .spanNulls(false)
    .legend(new VizLegendOptionsBuilder().showLegend(true).calcs(['lastNotNull']));

const variable = (name: string, label: string, values: string) =>
  new QueryVariableBuilder(name)
    .label(label)
    .query(`label_values(${values}, ${name})`)
    .datasource(source)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*');

const annotation = (name: string, color: string, expr: string, words: string) =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .step('1d')
    .titleFormat(name)
    .textFormat(words);

const versions = `count by (runtime, version, sha256) (last_over_time(${names.runtimeInfo}{${host}}[1d]`;

const values = `{__name__=~"${names.value}_(${['seconds', 'bytes', 'number', 'ratio'].join('|')}|[a-z]+_per_[a-z]+)",${host},category=~"$category",stage="night"}`;

/** The dashboard as Grafana imports it. */
export function grafanaDashboard(): string {
  const dashboard = new DashboardBuilder('ocibench: every night')
    .uid('ocibench-nightly')
    .description('What ocibench nightly found. Made by npm run docs; do not edit.')
    .tags(['ocibench'])
    .time({ from: 'now-90d', to: 'now' })
    .timezone('utc')
    .annotation(annotation('alarm', 'red', `max_over_time(${names.newAlarms}{${host}}[1d]) > 0`, '{{host}}'))
    .annotation(
      annotation(
        'version',
        'blue',
        `${versions})) unless ${versions} offset 1d))`,
        '{{runtime}} {{version}}',
      ),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(variable('host', 'Host', names.nightFigures))
    .withVariable(variable('runtime', 'Runtime', `${names.ratio}{${host}}`))
    .withVariable(variable('category', 'Category', `${names.ratio}{${host}}`))
    .withVariable(
      variable('series', 'Series with its interval', `${names.ratio}{${chosen}}`)
        .multi(false)
        .includeAll(false),
    )
    .withPanel(
      stat('Open alarms', last(names.openAlarms, host), '{{host}}')
        .unit('none')
        .thresholds(
          new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
            { value: null, color: 'green' },
            { value: 1, color: 'red' },
          ]),
        ),
    )
    .withPanel(
      stat('Newest night', `time() - ${last(names.nightStart, host)}`, '{{host}}')
        .unit('s')
        .decimals(0),
    )
    .withPanel(
      stat('It was', `${last(names.nightStatus, host)} == 1`, '{{status}}').textMode(BigValueTextMode.Name),
    )
    .withPanel(stat('Figures', last(names.nightFigures, host), '{{host}}').unit('none'))
    .withRow(new RowBuilder('Did a runtime move?'))
    .withPanel(
      lines(
        'Today ÷ its own pinned copy',
        'Moves only if this runtime changed: both ran in the same blocks.',
      ).withTarget(query(newest(names.ratio, `${chosen},against="pin"`), '{{series}}', 'A')),
    )
    .withPanel(
      lines('$series', 'With the 95 % interval of each night.')
        .withTarget(query(newest(names.ratioLow, `${host},series="$series",stage="night"`), 'low', 'A'))
        .withTarget(query(newest(names.ratio, `${host},series="$series",stage="night"`), '{{series}}', 'B'))
        .withTarget(query(newest(names.ratioHigh, `${host},series="$series",stage="night"`), 'high', 'C'))
        .overrideByName('high', [
          { id: 'custom.fillBelowTo', value: 'low' },
          { id: 'custom.lineWidth', value: 0 },
          { id: 'custom.fillOpacity', value: 20 },
        ])
        .overrideByName('low', [{ id: 'custom.lineWidth', value: 0 }])
        .lineStyle(new LineStyleBuilder().fill('solid')),
    )
    .withRow(new RowBuilder('Did engine, kernel or host move?'))
    .withPanel(
      lines(
        'Pinned copy ÷ the pinned baseline',
        'Neither program changes: what moves it is what they run on.',
      ).withTarget(query(newest(names.ratio, `${chosen},against="baseline"`), '{{series}}', 'A')),
    )
    .withPanel(
      lines('The pinned baseline ÷ its own mean of 90 days', 'The host itself.').withTarget(
        query(`last_over_time(${values}[$__interval]) / avg_over_time(${values}[90d])`, '{{series}}', 'A'),
      ),
    )
    .withPanel(
      lines('Share of disturbed trials', 'What others did on the host.')
        .unit('percentunit')
        .min(0)
        .max(1)
        .withTarget(query(newest(names.nightDisturbed, host), '{{host}}', 'A')),
    )
    .withRow(new RowBuilder('Newest figures'))
    .withPanel(
      new TablePanel()
        .title('Ratios of the last two days')
        .datasource(source)
        .span(24)
        .height(12)
        .withTarget(tableQuery(names.ratio, 'A'))
        .withTarget(tableQuery(names.ratioLow, 'B'))
        .withTarget(tableQuery(names.ratioHigh, 'C'))
        .withTransformation({ id: 'merge', options: {} })
        .withTransformation({
          id: 'organize',
          options: {
            excludeByName: { Time: true },
            renameByName: { key: 'segment', 'Value #A': 'ratio', 'Value #B': 'low', 'Value #C': 'high' },
          },
        }),
    )
    .build();
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

/** By segment: where one ended within these days, the newest figures of both are shown, and none is chosen. */
function tableQuery(metric: string, refId: string) {
  const expression = `max by (host, series, key) (last_over_time(${metric}{${chosen}}[2d]))`;
  return instant(expression, '', refId).format(PromQueryFormat.Table);
}
