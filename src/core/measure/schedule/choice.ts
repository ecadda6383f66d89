import { listed } from '../../messages/compose.ts';
import { notices, type Reason, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { misuse, problemOf } from '../../model/failure/error.ts';
import { nearest } from '../../model/nearest.ts';
import type { Preset, ResolvedConfig } from '../../model/run/run.ts';
import type { RuntimeEntry } from '../../model/runtime/runtime.ts';
import type { Workload } from '../../model/workload/workload.ts';
import { familyOfEntry, runsModulesOnly } from '../../runtimes/registry.ts';
import type { WorkloadSubject } from './subjects.ts';

const text = notices('choice', {
  unknown: 'some of the requested workloads do not exist',
  nothingLeft: 'nothing is left to measure',
  empty: 'has nothing in the preset {preset}',
  giveParameters: 'give its workloads parameter sets under presets.{preset}',
  otherPreset: 'use --preset {preset}, or name its workloads one by one: {ids}',
  leftOut: '--workloads {name} {why} and is not measured: {fix}',
});
const why = reasons('choice', {
  unknownName: {
    message: 'is neither a workload nor a category',
    fix: 'choose from: {names}; their workloads:  @(list workloads CATEGORY)',
  },
  misspeltName: {
    message: 'is neither a workload nor a category',
    fix: "did you mean ''{guess}''? all of them:  @(list workloads)",
  },
});

/** Why there is no workload or category of this name, with the most similar name. */
export function unknownName(name: string, workloads: readonly Pick<Workload, 'id' | 'category'>[]): Reason {
  const ids = workloads.map(({ id }) => id);
  const categories = [...new Set(workloads.map(({ category }) => category))];
  // `echo` for `startup/echo`.
  const guess = ids.find((id) => id.endsWith(`/${name}`)) ?? nearest(name, [...ids, ...categories]);
  if (guess !== null) return why.misspeltName({ guess });
  return why.unknownName({ names: listed(categories.toSorted()) });
}

/**
 * Choose the subjects that the preset or `--workloads` requests. A workload named by its id is measured even where the
 * preset leaves it out: with its parameters of `standard`, or else of `full`.
 */
export function chooseSubjects(
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'preset' | 'workloads'>,
): readonly WorkloadSubject[] {
  const wanted = config.workloads;
  const names = new Set(workloads.flatMap((workload) => [workload.id, workload.category]));
  const unknown = (wanted ?? []).filter((name) => !names.has(name));
  if (unknown.length > 0)
    throw misuse(
      text.unknown,
      unknown.map((key) => problemOf({ file: '--workloads', key }, unknownName(key, workloads))),
    );
  return workloads
    .filter(({ id, category }) => wanted === null || wanted.includes(id) || wanted.includes(category))
    .flatMap((workload) => {
      const { standard, full } = workload.presets;
      const own = workload.presets[config.preset] ?? [];
      const sets = wanted?.includes(workload.id) ? [own, standard, full] : [own];
      return (sets.find((each) => each.length > 0) ?? []).map((params) => ({ workload, params }));
    });
}

/**
 * Leave out the tests that exist to be compared with WebAssembly modules where no runtime of the run runs modules, unless their
 * ids were requested.
 */
export function besideModules(
  subjects: readonly WorkloadSubject[],
  config: Pick<ResolvedConfig, 'workloads'>,
  entries: readonly RuntimeEntry[],
): readonly WorkloadSubject[] {
  if (entries.some((entry) => runsModulesOnly(familyOfEntry(entry)))) return subjects;
  return subjects.filter(
    ({ workload: { id, moduleCommand } }) => moduleCommand === undefined || config.workloads?.includes(id),
  );
}

/** Has any test a WebAssembly module? Otherwise no runtime for modules is started. */
export function haveModules(subjects: readonly WorkloadSubject[]): boolean {
  return subjects.some(({ workload }) => workload.moduleCommand !== undefined);
}

/**
 * Leave out the runtimes for WebAssembly modules that nobody registered or requested, but whose program is on PATH, where no test
 * has a module for them.
 */
export function withModulesFor(
  entries: readonly RuntimeEntry[],
  config: Pick<ResolvedConfig, 'runtimes'>,
  subjects: readonly WorkloadSubject[],
): readonly RuntimeEntry[] {
  if (haveModules(subjects)) return entries;
  return entries.filter(
    (entry) =>
      entry.origin !== 'PATH' ||
      config.runtimes?.includes(entry.name) === true ||
      !runsModulesOnly(familyOfEntry(entry)),
  );
}

/** A requested name for which the preset measures nothing. */
interface OmittedName {
  readonly name: string;
  /** Presets that have it, shortest first. */
  readonly presets: readonly Preset[];
}

/** Categories named in `--workloads` of which this preset measures nothing. */
function leftOut(
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'preset' | 'workloads'>,
): readonly OmittedName[] {
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
 * Warn about requested items that are not measured. OcibenchError (exit 2) where nothing is left to measure, or a name
 * is unknown.
 */
export function choiceWarnings(
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'preset' | 'workloads'>,
): readonly Message[] {
  const { preset } = config;
  const missing = leftOut(workloads, config);
  const message = text.empty({ preset });
  const fixOf = ({ name, presets: [first] }: OmittedName) =>
    first === undefined
      ? text.giveParameters({ preset })
      : text.otherPreset({
          preset: first,
          ids: workloads
            .filter(({ id, category }) => id === name || category === name)
            .map(({ id }) => id)
            .join(','),
        });
  if (missing.length > 0 && chooseSubjects(workloads, config).length === 0)
    throw misuse(
      text.nothingLeft,
      missing.map((each) =>
        problemOf({ file: '--workloads', key: each.name }, { message, fix: fixOf(each) }),
      ),
    );
  return missing.map((each) => text.leftOut({ name: each.name, why: message, fix: fixOf(each) }));
}
