import type { AppContext } from '../../../app/context.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import { type MoveTrial, runs } from '../record.ts';
import { type Stack, withDependencies } from '../stack/stack.ts';
import { nativeOf, ranNatively, says } from '../verdicts.ts';
import type { Trials } from './try.ts';

const text = notices('move', {
  trying: '{n, plural, one {{services} under {runtime}} other {{services} together under {runtime}}}: {said}',
  runs: 'all run ({seconds} s)',
  fails: 'does not run: {services}',
});

/**
 * Every service under the baseline, each alone under each target beside the others, and then all that ran. `afterBaseline` is
 * called with the services that ran under the baseline, and those of them that ended there, before any other runtime is tried.
 */
export async function tryAll(
  { reporter }: Pick<AppContext, 'reporter'>,
  plan: {
    /** The services that may be started here. */
    readonly possible: readonly string[];
    readonly targets: readonly string[];
    readonly baseline: string;
    /** Services that are to stay under the baseline. */
    readonly staying: readonly string[];
    readonly stack: Stack;
    readonly trials: Pick<Trials, 'run'>;
    readonly interrupt: AbortSignal;
    afterBaseline(running: readonly string[], tasks: ReadonlySet<string>): Promise<void>;
  },
): Promise<readonly MoveTrial[]> {
  const { possible, targets, baseline, staying, stack, trials, interrupt } = plan;
  const tried: MoveTrial[] = [];
  const run = async (
    kind: MoveTrial['kind'],
    runtime: string,
    wanted: readonly string[],
    under: readonly string[],
  ) => {
    if (interrupt.aborted || wanted.length === 0) return null;
    const trial = await trials.run(kind, runtime, wanted, under);
    if (interrupt.aborted) return null;
    tried.push(trial);
    const failed = trial.services.filter(({ outcome }) => !runs(outcome)).map(({ service }) => service);
    const said =
      failed.length === 0
        ? text.runs({ seconds: Math.round(trial.seconds) })
        : text.fails({ services: listed(failed) });
    reporter.log(text.trying({ n: under.length, services: listed(under), runtime, said }));
    return trial;
  };
  // What failed can keep others from being reached: then they are tried without it, and without what needs it.
  for (let left = possible; left.length > 0; ) {
    const trial = await run('baseline', baseline, left, left);
    const outcomes = new Map(trial?.services.map(({ service, outcome }) => [service, outcome]));
    const failed = left.filter((service) => !runs(outcomes.get(service) ?? 'not-reached'));
    const ofThemselves = failed.filter((service) => outcomes.get(service) !== 'not-reached');
    if (failed.length === ofThemselves.length || ofThemselves.length === 0) break;
    left = left.filter(
      (service) => !withDependencies(stack, [service]).some((name) => ofThemselves.includes(name)),
    );
  }
  const native = nativeOf(tried);
  const running = possible.filter((service) => ranNatively(service, native, stack));
  if (!interrupt.aborted) {
    const tasks = running.filter((service) => native.get(service) === 'done');
    await plan.afterBaseline(running, new Set(tasks));
  }
  for (const target of targets) {
    const moving: string[] = [];
    for (const service of running.filter((name) => !staying.includes(name))) {
      // What broke once may have been chance.
      for (let tries = 0; tries < 2; tries++) {
        const trial = await run('alone', target, running, [service]);
        if (trial === null) break;
        const { isWhole, broke } = says(trial, native, stack);
        if (isWhole) moving.push(service);
        if (isWhole || broke.length > 0) break;
      }
    }
    let suspects = 0;
    for (let left = moving; left.length > 1; ) {
      const trial = await run('together', target, running, left);
      if (trial === null) break;
      const { broke, isWhole } = says(trial, native, stack);
      if (isWhole || (broke.length === 0 && ++suspects > 1)) break;
      left = left.filter((service) => !broke.includes(service));
    }
  }
  return tried;
}
