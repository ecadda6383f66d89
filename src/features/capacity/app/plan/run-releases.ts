import { basename } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { versionOf } from '../../../../core/host/runtimes.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import type { RuntimeFacts } from '../../../../core/model/runtime/runtime.ts';
import { runtimeBinary } from '../../../../core/runtimes/entry.ts';
import { familyOf } from '../../../../core/runtimes/registry.ts';
import { oldReleases } from '../../../../core/runtimes/release-dates.ts';
import { terminalText } from '../../../../report/document/sanitize.ts';

const text = notices('releases', {
  other:
    '{runtime} of run {run} is {measured}, but {path} on this host is {here}. What follows holds for {measured}. To measure the one on this host:  @(run --preset full)',
  old: '{runtime} of run {run} was released on {date}, {months} months ago: what follows holds for that release',
});

/**
 * The program to ask for the installed version; undefined if its version cannot be compared, as that of a shim, whose release
 * differs from that of its runtime. The record may come from elsewhere, so only names of known families are started, from PATH.
 */
function programAsked({ entry, family }: Pick<RuntimeFacts, 'entry' | 'family'>): string | undefined {
  const { programs } = familyOf(family);
  const measured = basename(runtimeBinary(entry) ?? '');
  const same = programs.find(({ name }) => name === measured);
  return (same ?? (measured.startsWith('containerd-shim') ? undefined : programs[0]))?.name;
}

/** A program on PATH, and the version that it prints. */
interface InstalledProgram {
  readonly path: string;
  readonly printed: string;
}

/** null if the program is missing or prints no version. */
async function installed(program: string): Promise<InstalledProgram | null> {
  const path = await findProgram(program);
  const printed = path === null ? null : await versionOf(path);
  return path === null || printed === null ? null : { path, printed };
}

/**
 * Warns if a run measured another release of a runtime than the installed one, or a release that is old by now. Costs change
 * between releases: in two years gVisor's start became a fifth shorter, and its idle memory 1.4 times as large
 * (results/reference).
 */
export async function warnOfReleases(
  { reporter, clock }: Pick<AppContext, 'reporter' | 'clock'>,
  run: RunRecord,
  runtimes: readonly string[],
): Promise<void> {
  const own = run.runtimes.filter(({ entry }) => runtimes.includes(entry.name));
  const values = { run: run.runId };
  // Ask each program once: several runtimes often share one, and a hanging program costs its whole time limit.
  const asked = new Map<string, InstalledProgram | null>();
  for (const facts of own) {
    const { entry, family, version } = facts;
    const program = version === null ? undefined : programAsked(facts);
    if (version === null || program === undefined) continue;
    const found = asked.has(program) ? asked.get(program) : await installed(program);
    asked.set(program, found ?? null);
    if (!found) continue;
    const { version: versionIn = (printed: string) => printed } = familyOf(family);
    const here = versionIn(found.printed);
    // A run that measured both releases includes the installed one.
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
