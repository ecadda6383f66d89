import { metricClass } from '../analyze/metric-class.ts';
import { aaArm } from '../model/aa-arm.ts';
import { type Cell, formatParams, type Params } from '../model/cell.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { needsReach } from '../model/hidden-engine.ts';
import type { EngineFacts } from '../model/host.ts';
import { type ImageSource, imageId } from '../model/image.ts';
import type { Preset, ResolvedConfig, RunSubject } from '../model/run.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import type { Workload } from '../model/workload.ts';
import { withoutNetwork } from '../tools/servers.ts';

/** A workload with one of its parameter sets. */
export interface Subject {
  readonly workload: Workload;
  readonly params: Params;
}

/** The images that a subject's trials run in: its own, and its peer's. */
export function imagesOf({ workload, params }: Subject): readonly ImageSource[] {
  const peer = workload.peer?.(params);
  return peer === undefined ? [workload.image] : [workload.image, peer.image];
}

/** What the preset or `--workloads` asks for. A workload named by its id is measured even where the preset leaves it out. */
export function chooseSubjects(
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'preset' | 'workloads'>,
): readonly Subject[] {
  const wanted = config.workloads;
  const names = new Set(workloads.flatMap((workload) => [workload.id, workload.category]));
  const unknown = (wanted ?? []).filter((name) => !names.has(name));
  if (unknown.length > 0)
    throw new OcibenchError('not every workload that was asked for exists', {
      exitCode: exitCodes.misuse,
      problems: unknown.map((name) => ({
        file: '--workloads',
        key: name,
        message: 'is neither a workload nor a category',
        fix: `choose from: ${[...names].toSorted().join(', ')}`,
      })),
    });
  return workloads
    .filter(({ id, category }) => wanted === null || wanted.includes(id) || wanted.includes(category))
    .flatMap((workload) => {
      const own = workload.presets[config.preset] ?? [];
      const sets = own.length === 0 && wanted?.includes(workload.id) ? workload.presets.standard : own;
      return sets.map((params) => ({ workload, params }));
    });
}

/** Something that was asked for and of which the preset has nothing. */
interface LeftOut {
  readonly name: string;
  /** Presets that have it, from the shortest on. */
  readonly presets: readonly Preset[];
}

/** Categories that were named in `--workloads` and of which this preset measures nothing. */
function leftOut(
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'preset' | 'workloads'>,
): readonly LeftOut[] {
  const chosen = chooseSubjects(workloads, config).map(({ workload }) => workload);
  const isIn = (name: string, { id, category }: Workload) => id === name || category === name;
  return (config.workloads ?? [])
    .filter((name) => !chosen.some((workload) => isIn(name, workload)))
    .map((name) => {
      const own = workloads.filter((workload) => isIn(name, workload));
      const has = (preset: Preset) => own.some(({ presets }) => (presets[preset] ?? []).length > 0);
      return { name, presets: (['quick', 'standard', 'full'] as const).filter(has) };
    });
}

/**
 * What was asked for and is not measured, as sentences. OcibenchError (exit 2) where nothing is left to measure, or a name
 * is not known.
 */
export function choiceWarnings(
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'preset' | 'workloads'>,
): readonly string[] {
  const { preset } = config;
  const missing = leftOut(workloads, config);
  const message = `has nothing in the preset ${preset}`;
  const fixOf = ({ name, presets: [first] }: LeftOut) =>
    first === undefined
      ? `give its workloads parameter sets under presets.${preset}`
      : `--preset ${first} has it; or name its workloads one by one: ${workloads
          .filter(({ id, category }) => id === name || category === name)
          .map(({ id }) => id)
          .join(',')}`;
  if (missing.length > 0 && chooseSubjects(workloads, config).length === 0)
    throw new OcibenchError('nothing is left to measure', {
      exitCode: exitCodes.misuse,
      problems: missing.map((each) => ({
        file: '--workloads',
        key: each.name,
        message,
        fix: fixOf(each),
      })),
    });
  return missing.map((each) => `--workloads ${each.name} ${message} and is not measured: ${fixOf(each)}`);
}

const coldNeedsRoot = 'only root can drop the page cache; measure as root: sudo ./ocibench run';

/** Does it need a network in which its containers reach each other? */
export function needsRunNetwork({ workload, params }: Subject): boolean {
  return workload.peer?.(params) !== undefined;
}

/**
 * The subjects as run.json keeps them, with why a runtime cannot run one. `noNetwork`: why the run has no network of its own,
 * null where it has one or needs none.
 */
export function subjectRecords(
  subjects: readonly Subject[],
  runtimes: readonly RuntimeFacts[],
  engine: Pick<EngineFacts, 'local' | 'hidden'>,
  noNetwork: string | null = null,
  isRoot = process.getuid?.() === 0,
): RunSubject[] {
  return subjects.map((subject) => {
    const { workload, params } = subject;
    const outOfReach = engine.local ? null : needsReach(workload, params);
    const unconnected = needsRunNetwork(subject) ? noNetwork : null;
    const { network, coldCache } = workload.container(params);
    const needed = coldCache && !isRoot ? coldNeedsRoot : null;
    const unsupported: Record<string, string> = {};
    for (const runtime of runtimes) {
      const reason =
        outOfReach ??
        unconnected ??
        needed ??
        (network === 'bridge' ? withoutNetwork(runtime) : null) ??
        workload.unsupported?.(runtime, params) ??
        null;
      if (reason !== null) unsupported[runtime.entry.name] = reason;
    }
    return {
      workload: workload.id,
      params: formatParams(params),
      category: workload.category,
      image: imageId(workload.image),
      unsupported,
    };
  });
}

/**
 * The subjects whose baseline is measured twice (A/A): one for every class of headlines in the run, so that each has a noise
 * floor. It is the one that says it stands for them, or else the first. Facts have no noise.
 */
function representatives(
  subjects: readonly RunSubject[],
  workloads: readonly Workload[],
): ReadonlySet<RunSubject> {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const groups = Map.groupBy(
    subjects.filter(({ category }) => category !== 'isolation'),
    (subject) => headlineClass(byId.get(subject.workload)) ?? subject.category,
  );
  const chosen = [...groups.values()].map(
    (own) => own.find(({ workload }) => byId.get(workload)?.representative) ?? own[0],
  );
  return new Set(chosen.filter((subject) => subject !== undefined));
}

function headlineClass(workload: Workload | undefined): string | null {
  const headline = workload?.metrics[0];
  if (workload === undefined || headline === undefined) return null;
  return metricClass(headline.id, headline.unit, workload.category, true);
}

/**
 * Every cell that can be measured: subjects × available runtimes, but for what is unsupported; and the baseline's second
 * arm of one subject a class of headlines.
 */
export function measurableCells(
  subjects: readonly RunSubject[],
  runtimes: readonly RuntimeFacts[],
  baseline: string,
  workloads: readonly Workload[],
): readonly Cell[] {
  const twice = representatives(subjects, workloads);
  return subjects.flatMap((subject) =>
    runtimes
      .filter(
        ({ entry, preflight }) => preflight.status === 'available' && !(entry.name in subject.unsupported),
      )
      .flatMap(({ entry: { name } }) =>
        name === baseline && twice.has(subject) ? [name, aaArm(name)] : [name],
      )
      .map((runtime) => ({
        runtime,
        profile: 'default',
        layer: 'docker' as const,
        workload: subject.workload,
        params: subject.params,
      })),
  );
}
