import { expect, test } from 'vitest';
import { atEveryEngine, measuredInEngines, scheduledLayers } from '../../../../src/app/measure/layers.ts';
import type { DaemonConfig } from '../../../../src/core/config/daemon-keys.ts';
import { askedEngines, type EngineShape } from '../../../../src/core/config/engine-shape.ts';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import { measurableCells } from '../../../../src/core/measure/schedule/cells.ts';
import { chooseSubjects } from '../../../../src/core/measure/schedule/choice.ts';
import { subjectRecords } from '../../../../src/core/measure/schedule/subjects.ts';
import { enginesFor } from '../../../../src/features/options/explain/explain.ts';
import { settingsOf } from '../../../../src/features/options/explain/settings.ts';
import { runtimeFacts } from '../../../support/records.ts';

/** The options that courses and guides recommend for production. */
const production: DaemonConfig = {
  'live-restore': true,
  'userland-proxy': false,
  icc: false,
  'no-new-privileges': true,
  'default-ulimits': { nofile: { Name: 'nofile', Hard: 64_000, Soft: 64_000 } },
  'log-driver': 'json-file',
  'log-opts': { 'max-size': '10m', 'max-file': '3' },
};
const settings = settingsOf(JSON.stringify(production, null, 2), production);

/** Median wall time of a trial of each of explain's workloads on two busy CPUs, seconds. */
const seconds = {
  'startup/echo': 0.42,
  'syscall/trivial': 0.49,
  'io/small-files': 0.53,
  'network/http': 1.78,
  'memory/idle': 0.77,
  'isolation/facts': 0.48,
} as const;

/** Facts need one block after the warm-up. */
const blocksOf = (workload: string, blocks: number) => (workload === 'isolation/facts' ? 2 : 1 + blocks);

/** Time until each figure has the least number of blocks, with the warm-up, seconds. */
async function leastTime(shapes: readonly EngineShape[]): Promise<number> {
  const workloads = await loadWorkloads();
  const runtimes = [runtimeFacts('runc')];
  const engines = [...askedEngines(shapes)];
  const chosen = chooseSubjects(workloads, { preset: 'quick', workloads: Object.keys(seconds) });
  const layers = atEveryEngine(
    scheduledLayers(['docker']),
    engines.map(({ name }) => name),
  );
  const records = subjectRecords(
    chosen,
    runtimes,
    { local: true },
    { noNetwork: null, isRoot: true, layers },
  );
  const measured = measuredInEngines(records, { engines });
  const cells = measurableCells(measured, runtimes, 'runc', workloads, { engines });
  return cells.reduce(
    (sum, { workload }) => sum + seconds[workload as keyof typeof seconds] * blocksOf(workload, 6),
    0,
  );
}

test('what guides recommend for production has its least blocks in half of the five minutes', async () => {
  expect(settings.filter(({ notMeasured }) => notMeasured === null)).toHaveLength(5);
  const least = await leastTime(enginesFor(settings));
  expect(least).toBeLessThan(150);
  // Each setting in every workload takes twice as long.
  expect(await leastTime(enginesFor(settings, false))).toBeGreaterThan(1.9 * least);
});
