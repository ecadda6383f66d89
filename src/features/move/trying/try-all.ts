import type { AppContext } from '../../../app/context.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import { type MoveTrial, runs } from '../record.ts';
import { type Stack, withDependencies } from '../stack/stack.ts';
import { nativeOf, ranNatively, says } from '../verdicts.ts';
import type { Trials } from './try.ts';

const text = notices('move', {
  trying:
    '{n, plural, one {{services} under {runtime}} other {{n} services together under {runtime}}}: {said}',
  runs: 'all run ({seconds} s)',
  fails: 'does not run: {services}',
});

type Names = readonly string[];
const without = (all: Names, left: Names): Names => all.filter((name) => !left.includes(name));

/** What is tried. */
interface TryPlan {
  /** The services that may be started here. */
  readonly possible: Names;
  readonly targets: Names;
  readonly baseline: string;
  /** Services that are to stay under the baseline. */
  readonly staying: Names;
  readonly stack: Stack;
  readonly trials: Pick<Trials, 'run'>;
  readonly interrupt: AbortSignal;
}

/**
 * Starts every service under the baseline, and then those that run there under each target: first all at once. Only where that
 * fails are the services looked for that cannot move: what broke apart from the rest, and what can have broken others by halves.
 */
export async function tryAll(
  { reporter }: Pick<AppContext, 'reporter'>,
  { possible, targets, baseline, staying, stack, trials, interrupt }: TryPlan,
): Promise<readonly MoveTrial[]> {
  const tried: MoveTrial[] = [];
  const run = async (runtime: string, services: Names, under: Names) => {
    if (interrupt.aborted || services.length === 0) return null;
    const trial = await trials.run(runtime, services, under);
    // What had been decided before it was cut off stands.
    tried.push(trial);
    if (interrupt.aborted) return null;
    const failed = trial.services.filter(({ outcome }) => !runs(outcome)).map(({ service }) => service);
    const said =
      failed.length === 0
        ? text.runs({ seconds: Math.round(trial.seconds) })
        : text.fails({ services: listed(failed) });
    const shown = under.length === 0 ? services : under;
    reporter.log(text.trying({ n: shown.length, services: listed(shown), runtime, said }));
    return trial;
  };
  // What failed can keep others from being reached: then they are tried without it, and without what needs it.
  for (let left = possible; left.length > 0; ) {
    const trial = await run(baseline, left, []);
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
  for (const target of targets) {
    const attempt = async (under: Names) => {
      const trial = under.length === 0 ? null : await run(target, running, under);
      return trial === null ? null : says(trial, native, stack);
    };
    /** The largest part of `under` that is found to run together. What failed once may have failed by chance. */
    const search = async (under: Names, isAgain = false): Promise<Names> => {
      const said = await attempt(under);
      if (said === null) return [];
      if (said.isWhole) return under;
      const { broke, suspect } = said;
      const bad = broke.length > 0 ? broke : suspect;
      const rest = without(under, bad);
      if (rest.length > 0) return join(await search(rest), await search(bad, broke.length > 0));
      if (under.length === 1 || broke.length > 0) return isAgain ? [] : search(under, true);
      const half = Math.ceil(under.length / 2);
      return join(await search(under.slice(0, half)), await search(under.slice(half)));
    };
    /** Of two parts that run, each without the other, what runs together. */
    const join = async (one: Names, other: Names): Promise<Names> => {
      const larger = one.length < other.length ? other : one;
      let left = [...one, ...other];
      if (left.length === larger.length) return larger;
      for (let suspected = 0; ; ) {
        const said = await attempt(left);
        if (said === null || said.isWhole) return left;
        if (said.broke.length === 0 && ++suspected > 1) return larger;
        left = [...without(left, said.broke)];
        if (left.length <= larger.length) return larger;
      }
    };
    await search(without(running, staying));
  }
  return tried;
}
