import { defaultProfile } from '../../../../core/model/runtime/container-profile.ts';
import type { Unit } from '../../../../core/model/workload/metric.ts';
import type { HeadlineLine, NightLine } from '../record.ts';
import type { History } from '../recorded-series.ts';
import { comparisonKey } from '../series.ts';
import {
  type ExpositionSample,
  epochSeconds,
  type Labels,
  labelsText,
  type MetricFamily,
} from './exposition.ts';
import { metricNames as names } from './metric-names.ts';

/** The Prometheus base unit for a unit, as a suffix, and the factor to it. */
const units: Readonly<Record<Unit, readonly [suffix: string, factor: number]>> = {
  ns: ['seconds', 1e-9],
  bytes: ['bytes', 1],
  count: ['number', 1],
  'ops/s': ['operations_per_second', 1],
  'bytes/s': ['bytes_per_second', 1],
  'ns/op': ['seconds_per_operation', 1e-9],
  ratio: ['ratio', 1],
};

/** Labels of a series. The comparison key is a label, so that each segment is a series: no query averages across segments. */
function seriesOf(line: HeadlineLine): Labels {
  const { host, series, runtime, reference, against, layer, workload, params, category, metric } = line;
  return {
    host,
    series,
    runtime,
    reference: reference ?? '',
    against,
    layer,
    workload,
    params,
    category,
    metric,
    ...(line.profile === defaultProfile ? {} : { profile: line.profile }),
    better: line.better,
    stage: line.stage,
    key: comparisonKey(line),
  };
}

/** Text of labels with each distinct text in memory once: a year has few, but hundreds of thousands of samples. */
const labelsOnce = <Line extends object>(labels: (line: Line) => Labels): ((line: Line) => string) => {
  const byLine = new Map<Line, string>();
  const texts = new Map<string, string>();
  return (line) => {
    const known = byLine.get(line);
    if (known !== undefined) return known;
    const text = labelsText(labels(line));
    const shared = texts.get(text) ?? text;
    texts.set(text, shared);
    byLine.set(line, shared);
    return shared;
  };
};

/** The metrics of these nights. `openNow`: number of alarms open now, used instead of the number at each night. */
export function familiesOf(history: History, openNow?: number): readonly MetricFamily[] {
  const { headlines } = history;
  const labels = labelsOnce(seriesOf);
  return [
    ...ratioFamilies(
      headlines.filter(({ against }) => against !== 'none'),
      labels,
    ),
    ...valueFamilies(headlines, labels),
    ...figureFamilies(headlines, labels),
    ...nightFamilies(history, openNow),
    ...infoFamilies(headlines),
  ];
}

/** A family with one sample per line; no sample if `read` returns null. */
function family<Line extends { readonly at: string }>(
  name: string,
  help: string,
  lines: readonly Line[],
  labels: (line: Line) => string,
  read: (line: Line) => number | null,
): MetricFamily {
  const samples = lines.flatMap((line): readonly ExpositionSample[] => {
    const value = read(line);
    return value === null ? [] : [{ labels: labels(line), value, at: line.at }];
  });
  return { name, help, samples };
}

type Lines = readonly HeadlineLine[];
type LabelsReader = (line: HeadlineLine) => string;

function ratioFamilies(lines: Lines, labels: LabelsReader): readonly MetricFamily[] {
  const of = 'of the value of a runtime to that of its reference, geometric mean over blocks';
  const bound = (which: string) => `${which} end of the 95 % interval of ocibench_ratio`;
  return [
    family(names.ratio, `Ratio ${of}`, lines, labels, ({ estimate }) => estimate),
    family(names.ratioLow, bound('Lower'), lines, labels, ({ low }) => low),
    family(names.ratioHigh, bound('Upper'), lines, labels, ({ high }) => high),
  ];
}

/** Absolute values, one family per unit: the pinned baseline with its interval, and every runtime's median. */
function valueFamilies(headlines: Lines, labels: LabelsReader): readonly MetricFamily[] {
  return [...Map.groupBy(headlines, ({ unit }) => unit)].flatMap(([unit, lines]) => {
    const [suffix, factor] = units[unit];
    const own = lines.filter(({ against }) => against === 'none');
    const scaled = (value: number | null) => (value === null ? null : value * factor);
    const named = (name: string, help: string, of: Lines, read: ValueReader) =>
      family(`${name}_${suffix}`, help, of, labels, (line) => scaled(read(line)));
    return [
      named(names.value, 'Value of the pinned baseline, geometric mean over blocks', own, (l) => l.estimate),
      named(names.valueLow, 'Lower end of its 95 % interval', own, (l) => l.low),
      named(names.valueHigh, 'Upper end of its 95 % interval', own, (l) => l.high),
      named(names.median, 'Median of the values of a runtime', lines, (l) => l.median),
    ];
  });
}
type ValueReader = (line: HeadlineLine) => number | null;

function figureFamilies(lines: Lines, labels: LabelsReader): readonly MetricFamily[] {
  return [
    family(names.blocks, 'Blocks behind a figure', lines, labels, ({ pairs }) => pairs),
    family(
      names.disturbed,
      'Share of the trials of a figure during which the host was disturbed',
      lines,
      labels,
      ({ disturbed }) => disturbed,
    ),
  ];
}

const statuses: readonly NightLine['status'][] = ['measured', 'interrupted', 'skipped', 'failed'];

function nightFamilies(
  { nights, alarms, accepted }: History,
  openNow: number | undefined,
): readonly MetricFamily[] {
  const whole = nights.filter(({ stage }) => stage === 'night');
  const labels = ({ host }: NightLine) => labelsText({ host });
  const isSame = (night: NightLine) => (line: { readonly host: string; readonly run: string | null }) =>
    line.host === night.host && line.run === night.run;
  const raised = (night: NightLine) => alarms.filter(isSame(night)).length;
  /** Alarms open at a night: its own count, and alarms accepted before the night began do not. */
  const open = ({ host, at }: NightLine) =>
    alarms.filter((alarm) => {
      if (alarm.host !== host || alarm.at > at) return false;
      const done = accepted.find((line) => line.host === host && line.alarm === alarm.id);
      return done === undefined || done.at > at;
    }).length;
  const status: MetricFamily = {
    name: names.nightStatus,
    help: 'What became of a night: 1 for its status, 0 for the others',
    samples: whole.flatMap((night) =>
      statuses.map((each) => ({
        labels: labelsText({ host: night.host, status: each }),
        value: Number(night.status === each),
        at: night.at,
      })),
    ),
  };
  const of = (name: string, help: string, read: (night: NightLine) => number) =>
    family(name, help, whole, labels, read);
  return [
    status,
    of(names.nightSeconds, 'Time that the trials of a night took', ({ minutes }) => minutes * 60),
    of(names.nightFigures, 'Figures of a night', ({ headlines }) => headlines),
    of(names.nightDisturbed, 'Share of trials during which the host was disturbed', (n) => n.disturbed),
    of(names.nightStart, 'When the newest night began', ({ at }) => epochSeconds(at)),
    of(names.newAlarms, 'Alarms that a night raised', raised),
    of(names.openAlarms, 'Alarms that nobody had accepted', (night) => openNow ?? open(night)),
  ];
}

/** Time of the figures, and their versions: as labels of a sample of value 1. */
function infoFamilies(lines: Lines): readonly MetricFamily[] {
  const runtimeLabels = ({ host, runtime, provenance }: HeadlineLine): Labels => ({
    host,
    runtime,
    version: provenance.runtime.version ?? '',
    sha256: provenance.runtime.sha256 ?? '',
  });
  const hostLabels = ({ host, provenance }: HeadlineLine): Labels => {
    const { kernel, cpu, microcode, governor, engine, engineVersion, containerd, harness } = provenance;
    return {
      host,
      kernel,
      cpu,
      microcode: microcode ?? '',
      governor: governor ?? '',
      engine,
      engine_version: engineVersion,
      containerd: containerd ?? '',
      ocibench: harness,
    };
  };
  const one = () => 1;
  const began = ({ at }: HeadlineLine) => epochSeconds(at);
  const ofHost = labelsOnce(({ host }: HeadlineLine) => ({ host }));
  return [
    family(names.figuresStart, 'When the night of the newest figures began', lines, ofHost, began),
    family(names.runtimeInfo, 'Programs of the runtimes of a night', lines, labelsOnce(runtimeLabels), one),
    family(names.hostInfo, 'What the runtimes of a night ran on', lines, labelsOnce(hostLabels), one),
  ];
}
