import type { Lang } from '../../core/messages/message.ts';
import type { Analysis, SummaryRow } from '../../core/model/analysis/analysis.ts';
import { lookup } from '../../core/model/nearest.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import { defaultProfile, plainProfile } from '../../core/model/runtime/container-profile.ts';
import type { RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import { type Cell, defaultLayer, layerSchema, parseParams } from '../../core/model/trial/cell.ts';
import { type Category, categorySchema } from '../../core/model/workload/metric.ts';
import { familyOf } from '../../core/runtimes/registry.ts';
import { metricName } from '../words/metric.ts';

/** The order of categories in every table and chart. */
export const categoryOrder: readonly Category[] = categorySchema.options;

/** `direct=0;target=bind` → `direct=0, target=bind`. */
export function paramsLabel(params: string): string {
  return params.replaceAll(';', ', ');
}

type Subject = Pick<Cell, 'workload' | 'params' | 'profile' | 'layer' | 'engine'>;

/** Is it one of the usual profiles (`default`, `plain`), which labels do not mention? */
function isReference(profile: string): boolean {
  return profile === defaultProfile || profile === plainProfile;
}

/** Deviations of a cell from the defaults: its parameters, and a profile, layer or engine other than the default. */
function particulars(subject: Subject): string {
  return [
    paramsLabel(subject.params),
    isReference(subject.profile) ? '' : `profile=${subject.profile}`,
    subject.layer === defaultLayer ? '' : `layer=${subject.layer}`,
    subject.engine === undefined ? '' : `engine=${subject.engine}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** `io/fio op=read, target=bind`: a subject on one line. */
export function subjectLabel(subject: Subject): string {
  return [subject.workload, particulars(subject)].filter((part) => part !== '').join(' ');
}

/** The subject without its engine. */
export function withoutEngine<T extends Subject>({ engine: _, ...subject }: T): Omit<T, 'engine'> {
  return subject;
}

/** Anchor of a subject in the page: `w-io-fio-op-read-target-bind`. */
export function subjectAnchor(subject: Subject): string {
  const words =
    subjectLabel(subject)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return ['w', ...words].join('-');
}

/** The subject on two lines (joined by a line feed), for the axis of a chart. */
export function subjectLines(subject: Subject): string {
  return [subject.workload, particulars(subject)].filter((part) => part !== '').join('\n');
}

/** `fio op=read, target=bind`: for places that already show the category. */
export function shortSubject(
  subject: Subject,
  dropped: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): string {
  return subjectLabel({
    ...subject,
    workload: shortWorkload(subject.workload),
    params: withoutParams(subject.params, dropped.get(subject.workload) ?? new Set()),
  });
}

/**
 * Like {@link shortSubject}, but without parameter names where it would exceed `most` characters:
 * `fio bs=4k, op=randread, target=bind` → `fio 4k randread bind`.
 */
export function briefSubject(
  subject: Subject,
  dropped: ReadonlyMap<string, ReadonlySet<string>>,
  most = 24,
): string {
  const short = shortSubject(subject, dropped);
  if (short.length <= most) return short;
  const params = withoutParams(subject.params, dropped.get(subject.workload) ?? new Set());
  return [shortWorkload(subject.workload), ...Object.values(parseParams(params))].join(' ');
}

/** Workload with several subjects → the parameters that are the same in all of them. */
export function commonParams(subjects: readonly Subject[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    [...Map.groupBy(subjects, ({ workload }) => workload)].map(([workload, members]) => {
      const all = [...new Set(members.map(({ params }) => params))].map(parseParams);
      const [first, ...others] = all;
      const common = Object.entries(first ?? {}).filter(([key, value]) =>
        others.every((params) => lookup(params, key) === value),
      );
      return [workload, new Set(others.length === 0 ? [] : common.map(([key]) => key))];
    }),
  );
}

/** The canonical text of parameters without some of them. */
function withoutParams(params: string, keys: ReadonlySet<string>): string {
  if (keys.size === 0) return params;
  return params
    .split(';')
    .filter((pair) => !keys.has(pair.slice(0, pair.indexOf('='))))
    .join(';');
}

/** `io/fio` → `fio`. */
export function shortWorkload(workload: string): string {
  return workload.slice(workload.indexOf('/') + 1);
}

/** The rows of a run's runtimes, without the tools of the layer `floor`, which a report shows elsewhere. */
export function rowsOfRuntimes({ rows }: { readonly rows: readonly SummaryRow[] }): readonly SummaryRow[] {
  return rows.filter(({ layer }) => layer !== 'floor');
}

/** All runtimes of a run: the baseline first, then in the order of daemon.json. */
export function runtimeNames(run: RunRecord, analysis: Analysis): readonly string[] {
  return [
    ...new Set([
      analysis.baseline,
      ...run.runtimes.map((runtime) => runtime.entry.name),
      ...rowsOfRuntimes(analysis).map((row) => row.runtime),
    ]),
  ];
}

/** Rows in report order: category, workload, parameters, metric as given, then runtime. */
export function orderRows(rows: readonly SummaryRow[], runtimes: readonly string[]): readonly SummaryRow[] {
  return rows.toSorted(
    (a, b) =>
      categoryOrder.indexOf(a.category) - categoryOrder.indexOf(b.category) ||
      bySubject(a, b) ||
      runtimes.indexOf(a.runtime) - runtimes.indexOf(b.runtime),
  );
}

/** Order of layers: from the whole stack downwards, then those outside of it. */
function layerOrder({ layer }: Pick<Cell, 'layer'>): number {
  return layerSchema.options.indexOf(layer);
}

/** Items ordered by workload, then parameters, then as given. */
export function orderSubjects<T extends Subject>(items: readonly T[]): readonly T[] {
  return items.toSorted(bySubject);
}

function bySubject(a: Subject, b: Subject): number {
  const text = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  return (
    text(a.workload, b.workload) ||
    comparePieces(a.params, b.params) ||
    text(a.profile, b.profile) ||
    layerOrder(a) - layerOrder(b) ||
    text(a.engine ?? '', b.engine ?? '')
  );
}

/** Orders `size=4k;…` before `size=64k;…`: runs of digits compare as numbers. */
function comparePieces(a: string, b: string): number {
  const pieces = (text: string) => text.split(/(\d+)/);
  const left = pieces(a);
  const right = pieces(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i] ?? '';
    const y = right[i] ?? '';
    if (x === y) continue;
    const numeric = i % 2 === 1 ? Number(x) - Number(y) : 0;
    return numeric || (x < y ? -1 : 1);
  }
  return 0;
}

/** The metric's name if it differs from the main metric of its subject; else empty. */
export function otherMetric(
  row: Pick<SummaryRow, 'metric'>,
  title: Pick<SummaryRow, 'metric'>,
  lang: Lang,
): string {
  return row.metric === null || row.metric === title.metric ? '' : metricName(row.metric, lang);
}

/** Runtimes of cells, with their tests: those that have the same tests together. */
export function byTests(
  cells: readonly { readonly runtime: string; readonly test: string }[],
): readonly { readonly runtimes: readonly string[]; readonly tests: readonly string[] }[] {
  const own = [...Map.groupBy(cells, ({ runtime }) => runtime)].map(([runtime, group]) => ({
    runtime,
    tests: [...new Set(group.map(({ test }) => test))],
  }));
  return groupBy(own, ({ tests }) => tests.join('|')).map((group) => ({
    runtimes: group.map(({ runtime }) => runtime),
    tests: group[0]?.tests ?? [],
  }));
}

/** Groups in order of first appearance. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  return [...Map.groupBy(items, key).values()];
}

/**
 * `gVisor 20240729`: product and release; only the release (`1.1.15`) if the runtime is named like its product; only the
 * product if the release is unknown; null if nothing is left.
 */
export function productRelease({
  entry,
  family,
  version,
}: Pick<RuntimeFacts, 'entry' | 'family' | 'version'>): string | null {
  const { product } = familyOf(family);
  // A record from elsewhere may contain any text.
  const printed = version?.slice(0, 200) ?? '';
  const [release] = /\b20\d{6}\b/.exec(printed) ?? /\d+(?:\.\d+)+/.exec(printed) ?? [];
  const parts = [product === entry.name ? null : product, release ?? null].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}
