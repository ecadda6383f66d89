import { basename } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { versionOf } from '../../../../core/host/runtimes.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import type { RuntimeFacts } from '../../../../core/model/runtime.ts';
import { runtimeBinary } from '../../../../core/runtimes/entry.ts';
import { familyOf } from '../../../../core/runtimes/registry.ts';
import { oldReleases } from '../../../../core/runtimes/release-dates.ts';
import { terminalText } from '../../../../report/sanitize.ts';

const text = notices('releases', {
  other:
    '{runtime} of run {run} is {measured}, and {path} on this host is {here}. What follows is of the former. To measure the one that is here:  @(run --preset full)',
  old: '{runtime} of run {run} is a release of {date}, {months} months before today: what follows is of that one',
});

/**
 * The program that is asked for the version of what is here; undefined where none can be compared, as a shim is of another
 * release than the runtime that it starts. A record names programs that nobody here has chosen: one of the names of its
 * family is started, from PATH, and no other.
 */
function programAsked({ entry, family }: Pick<RuntimeFacts, 'entry' | 'family'>): string | undefined {
  const { programs } = familyOf(family);
  const measured = basename(runtimeBinary(entry) ?? '');
  const same = programs.find(({ name }) => name === measured);
  return (same ?? (measured.startsWith('containerd-shim') ? undefined : programs[0]))?.name;
}

/** A program on PATH, and what it prints of its version. */
interface Installed {
  readonly path: string;
  readonly printed: string;
}

/** null where the program is not there, or does not say. */
async function installed(program: string): Promise<Installed | null> {
  const path = await findProgram(program);
  const printed = path === null ? null : await versionOf(path);
  return path === null || printed === null ? null : { path, printed };
}

/**
 * Warns where what a run says of a runtime is not of the release that is on this host, or is of one that was old today. Costs
 * of one release say nothing of another's: in two years gVisor's start became a fifth shorter, and its memory at rest 1.4 times as
 * large (results/reference).
 */
export async function warnOfReleases(
  { reporter, clock }: Pick<AppContext, 'reporter' | 'clock'>,
  run: RunRecord,
  runtimes: readonly string[],
): Promise<void> {
  const own = run.runtimes.filter(({ entry }) => runtimes.includes(entry.name));
  const values = { run: run.runId };
  // Several runtimes are often one program, and one that hangs is waited for.
  const asked = new Map<string, Installed | null>();
  for (const facts of own) {
    const { entry, family, version } = facts;
    const program = version === null ? undefined : programAsked(facts);
    if (version === null || program === undefined) continue;
    const found = asked.has(program) ? asked.get(program) : await installed(program);
    asked.set(program, found ?? null);
    if (!found) continue;
    const { version: versionIn = (printed: string) => printed } = familyOf(family);
    const here = versionIn(found.printed);
    // A run that measured both releases has figures of the one that is here as well.
    const isOfBoth = run.runtimes.some(
      (each) => each.family === family && each.version === here && each.preflight.status === 'available',
    );
    if (isOfBoth) continue;
    const { path } = found;
    const measured = terminalText(version, 200);
    reporter.warn(text.other({ ...values, runtime: entry.name, measured, here, path }));
  }
  const today = clock.date().toISOString();
  for (const { runtime, on, months } of oldReleases(own, today))
    reporter.warn(text.old({ ...values, runtime: runtime.entry.name, date: on, months }));
}
