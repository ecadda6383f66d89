import { rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import type { FileResult } from './support/test-results.ts';

/** Wall time of a file from its import to the end of its last hook, s. */
function measureSeconds(module: TestModule): number {
  const { collectDuration, setupDuration, prepareDuration, environmentSetupDuration, duration } =
    module.diagnostic();
  return (collectDuration + setupDuration + prepareDuration + environmentSetupDuration + duration) / 1000;
}

function describeFile(module: TestModule): FileResult {
  const tests = [...module.children.allTests()].map((test) => {
    const { state } = test.result();
    return { name: test.name, state: state === 'pending' ? ('skipped' as const) : state };
  });
  return {
    file: relative('.', module.moduleId),
    ok: module.ok(),
    seconds: measureSeconds(module),
    tests,
  };
}

/** Hands `scripts/test.ts` what became of each file, and removes what the files of one run of Vitest shared. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const { OCIBENCH_SHARED, OCIBENCH_TEST_RESULTS } = process.env;
    if (OCIBENCH_SHARED !== undefined) rmSync(OCIBENCH_SHARED, { recursive: true, force: true });
    if (OCIBENCH_TEST_RESULTS !== undefined)
      writeFileSync(OCIBENCH_TEST_RESULTS, JSON.stringify(modules.map(describeFile)));
  }
}
