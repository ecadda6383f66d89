import { metricClass } from '../../analyze/warnings/noise-floor.ts';
import { enginesOf, isOfOneRuntime, type ResolvedConfig } from '../../model/run/run.ts';
import { firstProfile, profileName } from '../../model/runtime/container-profile.ts';
import type { RuntimeFacts } from '../../model/runtime/runtime.ts';
import { aaControl, type Cell, defaultLayer, duetArm } from '../../model/trial/cell.ts';
import type { Workload } from '../../model/workload/workload.ts';
import type { ScheduledSubject } from './subjects.ts';

/**
 * The subjects whose baseline is measured twice (A/A): one for every class of headlines at every layer and engine, so
 * that the check covers each class, and only under the first profile. A workload marked `representative` is preferred,
 * else the first one is chosen. Facts have no noise and are left out.
 */
function representatives(
  subjects: readonly ScheduledSubject[],
  workloads: readonly Workload[],
  first: string,
): ReadonlySet<ScheduledSubject> {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const groups = Map.groupBy(
    subjects.filter(({ category, profile }) => category !== 'isolation' && isIn(profile, first)),
    ({ workload, category, layer, engine }) =>
      `${layer} ${engine} ${headlineClass(byId.get(workload)) ?? category}`,
  );
  const chosen = [...groups.values()].map(
    (own) => own.find(({ workload }) => byId.get(workload)?.representative) ?? own[0],
  );
  return new Set(chosen.filter((subject) => subject !== undefined));
}

/** Is this the run's first profile? Layers without profiles have only the default one, which counts as the first. */
function isIn(profile: string | undefined, first: string): boolean {
  return profile === undefined || profile === first;
}

function headlineClass(workload: Workload | undefined): string | null {
  const headline = workload?.metrics[0];
  if (workload === undefined || headline === undefined) return null;
  return metricClass(headline.id, headline.unit, workload.category, true);
}

/**
 * Every cell that can be measured: subjects × available runtimes, without unsupported cells. One subject per class of
 * headlines also has the A/A control; in a run of one runtime only in the first engine, with which the others are compared. In duets, every cell has a partner: the baseline's is the A/A control, and that
 * of a runtime is the baseline under a label of its own. Facts are not compared and have no partner.
 */
export function measurableCells(
  subjects: readonly ScheduledSubject[],
  runtimes: readonly RuntimeFacts[],
  baseline: string,
  workloads: readonly Workload[],
  config: Pick<ResolvedConfig, 'duet' | 'profiles' | 'engines'> = {},
): readonly Cell[] {
  const { duet } = config;
  const [firstEngine] = isOfOneRuntime({ config: { baseline }, runtimes }) ? enginesOf(config) : [];
  const checked = subjects.filter(
    ({ engine }) => firstEngine === undefined || (engine ?? firstEngine) === firstEngine,
  );
  const twice = representatives(checked, workloads, firstProfile(config));
  return subjects.flatMap((subject) => {
    const available = runtimes.flatMap(({ entry, preflight }) =>
      preflight.status === 'available' ? [entry.name] : [],
    );
    const names = (subject.runtimes ?? available).filter((name) => !Object.hasOwn(subject.unsupported, name));
    const paired = duet === true && subject.category !== 'isolation' && names.includes(baseline);
    return names
      .flatMap((name) => {
        if (name === baseline) return paired || twice.has(subject) ? [name, aaControl(name)] : [name];
        return paired ? [name, duetArm(baseline, name)] : [name];
      })
      .map((runtime) => ({
        runtime,
        profile: profileName(subject.profile),
        layer: subject.layer ?? defaultLayer,
        workload: subject.workload,
        params: subject.params,
        ...(subject.engine === undefined ? {} : { engine: subject.engine }),
      }));
  });
}

/** The cells of a warm-up. The A/A control is the baseline, which warms up for it; in duets it is somebody's partner. */
export function warmUpCells(
  cells: readonly Cell[],
  { baseline, duet }: { readonly baseline: string; readonly duet?: boolean | undefined },
): readonly Cell[] {
  return duet === true ? cells : cells.filter(({ runtime }) => runtime !== aaControl(baseline));
}
