import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { readAllowedSkips, skipProblems, type TestEnd } from './support/allowed-skips.ts';

/** How many of the slowest files are named. */
const named = 10;

/** Milliseconds that a test file took, from its import to the end of its last test. */
function duration(module: TestModule): number {
  const { collectDuration, setupDuration, prepareDuration, environmentSetupDuration, duration } =
    module.diagnostic();
  return collectDuration + setupDuration + prepareDuration + environmentSetupDuration + duration;
}

interface TimedEnd extends TestEnd {
  readonly seconds: number;
}

function endsOf(module: TestModule): readonly TimedEnd[] {
  return [...module.children.allTests()].flatMap((test): TimedEnd[] => {
    const { state } = test.result();
    const seconds = (test.diagnostic()?.duration ?? 0) / 1000;
    return state === 'pending'
      ? []
      : [{ file: relative('.', module.moduleId), name: test.name, state, seconds }];
  });
}

/**
 * Closes a test run with the slowest files and one plain line that any CI can read: `N passed, N failed, N skipped`. Where
 * OCIBENCH_SKIPS names a list (see allowed-skips.ts), a skip that is not on it fails the run, and so does a stale entry.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // What the files of this run shared: see vitest.config.ts.
    if (process.env.OCIBENCH_SHARED !== undefined)
      rmSync(process.env.OCIBENCH_SHARED, { recursive: true, force: true });
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const ends = modules.flatMap(endsOf);
    for (const { state } of ends) counts[state]++;
    counts.failed += modules.filter((module) => module.children.size === 0 && !module.ok()).length;
    const slowest = modules.toSorted((a, b) => duration(b) - duration(a)).slice(0, named);
    process.stdout.write('\nslowest files\n');
    for (const module of slowest)
      process.stdout.write(
        `${(duration(module) / 1000).toFixed(1).padStart(7)} s  ${relative('.', module.moduleId)}\n`,
      );
    const list = process.env.OCIBENCH_SKIPS;
    const problems = list === undefined ? [] : skipProblems(readAllowedSkips(list), ends);
    if (problems.length > 0) {
      process.stdout.write(`\n${list} and what was skipped differ\n${problems.join('\n')}\n`);
      process.exitCode = 1;
    }
    const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  }
}
