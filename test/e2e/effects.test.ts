import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { processMemory } from '../../src/core/analyze/values/derive.ts';
import { makeScratch, removeScratch, writeScratchFile } from '../../src/core/engine/scratch.ts';
import { findProgram } from '../../src/core/files/programs.ts';
import type { Analysis, EffectRow } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { configured, isWhole, recordOf, resultsIn, runWords, trialsOf } from './engines-run.ts';
import { registerInjectors } from './injector.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

/** Memory does not depend on what else the host does: there, an option that costs nothing is found to cost nothing. */
const options = [
  { option: 'hold', workload: 'memory/idle', blocks: 6, more: 'more', free: ['equivalent'] },
  {
    option: 'pause',
    workload: 'startup/echo',
    blocks: 8,
    more: 'slower',
    free: ['equivalent', 'inconclusive'],
  },
];

describe.skipIf(!canRun).each(options)(
  'a runtime with an option that costs something ($option) and one that does not',
  ({ option, workload, blocks, more, free }) => {
    let place: Awaited<ReturnType<typeof workplace>>;
    let result: Awaited<ReturnType<typeof ocibench>>;
    let scratch = '';
    let results = '';
    let run: RunRecord;
    let effects: readonly EffectRow[] = [];

    beforeAll(async () => {
      place = await workplace();
      // The directory of the workplace may not allow running programs.
      scratch = await makeScratch(newRunId(new Date()));
      const runc = (await findProgram('runc')) ?? 'runc';
      const [injector] = await registerInjectors(scratch, runc);
      const text = (await readFile(join(import.meta.dirname, 'option-runtime.sh'), 'utf8'))
        .replace('INJECTOR', injector?.path ?? '')
        .replace('RUNC', runc);
      const path = await writeScratchFile(scratch, 'option-runtime', text, 0o700);
      await writeFile(place.daemonJson, JSON.stringify({ runtimes: { optional: { path } } }));
      await configured(place, {
        runtimes: {
          runc: {},
          opt: { extends: 'optional', matrix: { [option]: ['off', 'on'], label: ['a', 'b', 'refused'] } },
        },
        workloads: [workload],
      });
      result = await ocibench(runWords(place, blocks), place.path);
      results = await resultsIn(place);
      run = await recordOf(results, 'run.json');
      ({ effects = [] } = await recordOf<Analysis>(results, 'analysis.json'));
    }, 900_000);
    afterAll(async () => {
      await place.remove();
      await removeScratch(scratch);
    });

    const rowsOf = (...terms: readonly string[]) =>
      effects.filter(
        ({ factor, level, beside }) =>
          String([`${factor}=${level}`, ...(beside ? [`${beside.factor}=${beside.level}`] : [])]) ===
          String(terms),
      );

    test('measures every combination that starts, and records the design', () => {
      // Arms that were asked for and do not start are told by the exit code.
      expect(result.exitCode, result.stderr).toBe(1);
      expect(run.config.engine).toBe('embedded');
      expect(run.config.designs).toMatchObject([{ name: 'opt', base: 'optional' }]);
      const started = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
      expect(started.map(({ entry }) => entry.name)).toEqual([
        'runc',
        'opt',
        `opt+${option}-on`,
        'opt+label-b',
        `opt+${option}-on+label-b`,
      ]);
    });

    test('what an option costs is found in its own effect, and in no other', () => {
      const [costly] = rowsOf(`${option}=on`);
      expect(costly).toMatchObject({ verdict: more, aliases: [] });
      expect(costly?.pairs).toBe(blocks);
      expect(costly?.ratioCiLow).toBeGreaterThan(1.05);
      const [label] = rowsOf('label=b');
      expect(free).toContain(label?.verdict);
      const [both] = rowsOf(`${option}=on`, 'label=b');
      expect(['equivalent', 'inconclusive']).toContain(both?.verdict);
    });

    if (option === 'hold')
      test('what it holds, burns and sleeps is found by the trials, in its amount', async () => {
        const [both] = rowsOf(`${option}=on`, 'label=b');
        expect(both?.ratio).toBeGreaterThan(0.9);
        expect(both?.ratio).toBeLessThan(1.1);
        const trials = (await trialsOf(results)).filter(
          (trial) => trial.phase === 'measure' && isWhole(trial),
        );
        /** Median over the blocks and both labels: what is on against what is off. */
        const added = (read: (trial: TrialRecord) => number) =>
          median(
            ['', '+label-b'].flatMap((label) =>
              trials
                .filter(({ cell }) => cell.runtime === `opt+${option}-on${label}`)
                .map((on) => {
                  const off = trials.find(
                    ({ cell, block }) => cell.runtime === `opt${label}` && block === on.block,
                  );
                  return off === undefined ? Number.NaN : read(on) - read(off);
                }),
            ),
          );
        // Of pages that several processes map, each has its share: another's shim takes some of ours.
        const held = (trial: TrialRecord) =>
          processMemory(trial).find(({ metric }) => metric === 'memory.private')?.value ?? Number.NaN;
        expect(Math.abs(added(held) / 2 ** 20 - 32)).toBeLessThan(1);
        const engineCpuMs = ({ engineCpu }: TrialRecord) =>
          'value' in engineCpu ? engineCpu.value / 1e6 : Number.NaN;
        // To a tenth, as the holder takes some too: to touch 32 MiB more is 15 ms on a quiet host, and 30 on a loaded one.
        expect(Math.abs(added(engineCpuMs) - 1000)).toBeLessThan(100);
        const startMs = ({ marks }: TrialRecord) => {
          const at = (wanted: string) => marks.find(({ name }) => name === wanted)?.atNs ?? Number.NaN;
          return (at('start-end') - at('start-begin')) / 1e6;
        };
        // What burns takes longer where others use the CPUs.
        expect(added(startMs)).toBeGreaterThan(0.95 * (300 + 200 + 1000));
      });

    test('a value that does not start costs its own effects only, which say why', () => {
      for (const [row] of [rowsOf('label=refused'), rowsOf(`${option}=on`, 'label=refused')]) {
        expect(row).toMatchObject({ verdict: 'unavailable', ratio: null });
        expect(row?.note).toMatch(
          /^no arm with label=refused has values: opt\+label-refused: .*exit status 7/,
        );
      }
    });

    test('effects.csv, the report and the terminal say the same', async () => {
      const rows = await readCsv(join(results, 'effects.csv'));
      expect(rows.map(({ verdict }) => verdict)).toEqual(effects.map(({ verdict }) => verdict));
      expect(result.stdout).toContain(`${option}=on instead of off: ${more}`);
    });

    test('leaves nothing on this host', async () => {
      expect(await tracesOf(run.runId, 20_000)).toEqual([]);
    });
  },
);
