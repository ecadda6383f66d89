import { findProgram } from '../files/programs.ts';
import { versionOf } from '../host/runtimes.ts';
import { notices } from '../messages/define.ts';
import type { RunRecord } from '../model/run.ts';
import { familyOf } from '../runtimes/registry.ts';
import { oldReleases } from '../runtimes/release-dates.ts';
import type { AppContext } from './context.ts';

const text = notices('releases', {
  other:
    '{runtime} of run {run} is {measured}, and {path} on this host is {here}. What follows is of the former. To measure the one that is here:  @(run --preset full)',
  old: '{runtime} of run {run} is a release of {date}, {months} months before today: what follows is of that one',
});

/**
 * Warns where what a run says of a runtime is not of the release that is on this host, or is of one that was old today. Costs
 * of one release say nothing of another's: gVisor's start became a third shorter in two years, and its memory larger.
 */
export async function warnOfReleases(
  { reporter, clock }: Pick<AppContext, 'reporter' | 'clock'>,
  run: RunRecord,
  runtimes: readonly string[],
): Promise<void> {
  const own = run.runtimes.filter(({ entry }) => runtimes.includes(entry.name));
  const values = { run: run.runId };
  for (const { entry, family, version } of own) {
    const { programs, version: versionIn = (printed: string) => printed } = familyOf(family);
    const program = programs[0]?.name;
    // A record names programs that nobody here has chosen: the one of PATH is started, and no other.
    const path = version === null || program === undefined ? null : await findProgram(program);
    const printed = path === null ? null : await versionOf(path);
    if (path === null || version === null || printed === null) continue;
    const here = versionIn(printed);
    if (here === version) continue;
    reporter.warn(text.other({ ...values, runtime: entry.name, measured: version, here, path }));
  }
  const today = clock.date().toISOString();
  for (const { runtime, on, months } of oldReleases(own, today))
    reporter.warn(text.old({ ...values, runtime: runtime.entry.name, date: on, months }));
}
