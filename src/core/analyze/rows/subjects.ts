import { enginesOf, type ResolvedConfig, type RunRecord, type RunSubject } from '../../model/run/run.ts';
import { defaultProfile, profileName } from '../../model/runtime/container-profile.ts';
import type { RuntimeFacts } from '../../model/runtime/runtime.ts';
import {
  aaControl,
  baselineAt,
  type Cell,
  defaultLayer,
  duetArm,
  isBaselineArm,
  subjectKey,
  workKey,
} from '../../model/trial/cell.ts';
import { type Category, categorySchema } from '../../model/workload/metric.ts';
import type { Workload } from '../../model/workload/workload.ts';
import type { CellSamples } from '../values/samples.ts';

/** The id of a workload's headline metric in one run; undefined for a workload that no longer exists. */
export type HeadlineOf = (workload: string) => string | undefined;

/** Find the headline of each workload: its first metric. */
export function headlineFinder(workloads: readonly Workload[]): HeadlineOf {
  const headlines = new Map(workloads.map(({ id, metrics }) => [id, metrics[0]?.id]));
  return (workload) => headlines.get(workload);
}

type Arms = Pick<ResolvedConfig, 'baseline' | 'duet'>;

/** True for trials of a duet that are measured only as the partner of another, and have no rows. */
export function isPartner(label: string, { baseline, duet }: Arms): boolean {
  return duet === true && isBaselineArm(label, baseline);
}

/**
 * Labels of the baseline's trials with which a runtime's are paired, first the one that every pair needs. In duets, the
 * trials that ran at once; else the baseline's own and those of the A/A control. The A/A control itself is paired with
 * the baseline's own.
 */
export function referenceArms(
  runtime: string,
  { config: { baseline, duet } }: { readonly config: Arms },
): readonly [string, ...string[]] {
  if (runtime === aaControl(baseline)) return [baseline];
  if (duet === true) return [duetArm(baseline, runtime)];
  return [baseline, aaControl(baseline)];
}

/** Subject of one set of comparisons: the same work under every runtime. */
export interface Subject {
  readonly identity: Omit<Cell, 'runtime'>;
  readonly category: Category;
  /** Id of the workload's headline metric; null for a workload that no longer exists. */
  readonly headline: string | null;
  /** runtime → its measurements. A runtime without any trial is missing. */
  readonly cells: ReadonlyMap<string, CellSamples>;
  /** Runtimes scheduled for this subject, where they are not those of the run. */
  readonly runtimes?: readonly string[] | undefined;
  /** runtime → why it was not tried. */
  readonly unsupported: RunSubject['unsupported'];
  /** runtime → the message of the reason in `unsupported`. */
  readonly messages?: RunSubject['messages'];
}

/** The subjects of a run in its own order, including those never measured; then any others in the measurements. */
export function findSubjects(
  run: RunRecord,
  headlineOf: HeadlineOf,
  cells: ReadonlyMap<string, CellSamples>,
): Subject[] {
  const left = new Set(cells.values());
  const subjects: Subject[] = [];
  const add = (members: readonly CellSamples[], scheduled: RunSubject | undefined) => {
    for (const group of Map.groupBy(members, ({ cell }) => subjectKey(cell)).values()) {
      const first = group[0];
      if (first === undefined) continue;
      const { runtime: _, ...identity } = first.cell;
      subjects.push({
        identity,
        category: first.category,
        headline: headlineOf(identity.workload) ?? null,
        cells: new Map(group.map((member) => [member.cell.runtime, member])),
        runtimes: scheduled?.runtimes,
        unsupported: scheduled?.unsupported ?? {},
        messages: scheduled?.messages,
      });
    }
  };
  for (const scheduled of run.subjects) {
    const { workload, params, layer = defaultLayer, engine, profile } = scheduled;
    const members = [...left].filter(({ cell }) => isOf(scheduled, cell));
    for (const member of members) left.delete(member);
    if (members.length > 0) add(members, scheduled);
    else
      subjects.push({
        identity: {
          profile: profileName(profile),
          layer,
          workload,
          params,
          ...(engine === undefined ? {} : { engine }),
        },
        category: categorySchema.parse(scheduled.category),
        headline: headlineOf(workload) ?? null,
        cells: new Map(),
        runtimes: scheduled.runtimes,
        unsupported: scheduled.unsupported,
        messages: scheduled.messages,
      });
  }
  add([...left], undefined);
  return subjects;
}

/** Does a cell belong to a scheduled subject? A schedule without layers has one layer only, likewise for engines. */
function isOf(scheduled: RunSubject, { workload, params, layer, engine, profile }: Cell): boolean {
  return (
    workload === scheduled.workload &&
    params === scheduled.params &&
    profile === profileName(scheduled.profile) &&
    (scheduled.layer === undefined || scheduled.layer === layer) &&
    (scheduled.engine === undefined || scheduled.engine === engine)
  );
}

/** The run as a subject is compared in it: with the baseline of its layer. */
export function runOf({ identity }: Pick<Subject, 'identity'>, run: RunRecord): RunRecord {
  const baseline = baselineAt(identity.layer, run.config.baseline);
  return baseline === run.config.baseline ? run : { ...run, config: { ...run.config, baseline } };
}

/**
 * Names of the runtimes in the order of rows: baseline first, then as in run.json, then any others measured. The A/A
 * control and the partners of duets are left out, since they are no runtimes; so are the tools of the layer `floor`.
 */
export function runtimeOrder(run: RunRecord, cells: ReadonlyMap<string, CellSamples>): string[] {
  const names = [
    ...run.runtimes.map((runtime) => runtime.entry.name),
    ...[...cells.values()].flatMap(({ cell }) => (cell.layer === 'floor' ? [] : [cell.runtime])),
  ];
  const { baseline } = run.config;
  const order = new Set([...(names.includes(baseline) ? [baseline] : []), ...names]);
  return [...order].filter((name) => !isBaselineArm(name, baseline));
}

/** Facts of the runtimes by name. */
export function runtimesByName(run: RunRecord): ReadonlyMap<string, RuntimeFacts> {
  return new Map(run.runtimes.map((runtime) => [runtime.entry.name, runtime]));
}

/** `runsc: startup/hello n=1`, for messages; with its layer, engine and profile where they are not the defaults. */
export function cellLabel({ runtime, workload, params, layer, engine, profile }: Cell): string {
  const particulars = [
    ...(params === '' ? [] : [params]),
    ...(layer === defaultLayer ? [] : [`layer ${layer}`]),
    ...(engine === undefined ? [] : [`engine ${engine}`]),
    ...(profile === defaultProfile ? [] : [`profile ${profile}`]),
  ].join(', ');
  return `${runtime}: ${workload}${particulars === '' ? '' : ` ${particulars}`}`;
}

/** The subject in the first of several engines, with which its other engines are compared; null where there is none. */
export function inFirstEngine(
  subjects: readonly Subject[],
  { config }: RunRecord,
): (subject: Subject) => Subject | null {
  const [first] = enginesOf(config);
  const key = ({ identity }: Subject) => `${identity.profile}|${workKey(identity)}`;
  const own = subjects.filter(({ identity }) => first !== undefined && identity.engine === first);
  const byWork = new Map(own.map((subject) => [key(subject), subject]));
  return (subject) => byWork.get(key(subject)) ?? null;
}
