import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis, EffectRow } from '../../src/core/model/analysis.ts';
import type { RunRecord } from '../../src/core/model/run.ts';
import { configured, recordOf, resultsIn, runWords } from './engines-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, nightly, ocibench, readCsv, workplace } from './support.ts';

/** It measures until effects of times are settled, which takes minutes. */
describe.skipIf(!canRun || !nightly)(
  'a runtime with an option that costs something and one that does not',
  () => {
    let place: Awaited<ReturnType<typeof workplace>>;
    let result: Awaited<ReturnType<typeof ocibench>>;
    let results = '';
    let run: RunRecord;
    let effects: readonly EffectRow[] = [];

    beforeAll(async () => {
      place = await workplace();
      const path = join(place.path, 'option-runtime');
      await copyFile(join(import.meta.dirname, 'option-runtime.sh'), path);
      await chmod(path, 0o755);
      await writeFile(place.daemonJson, JSON.stringify({ runtimes: { optional: { path } } }));
      await configured(place, {
        runtimes: {
          runc: {},
          opt: { extends: 'optional', matrix: { pause: ['off', 'on'], label: ['a', 'b', 'refused'] } },
        },
        workloads: ['startup/echo'],
      });
      // It goes on until its effects are settled: how many blocks that takes depends on what else the host does.
      result = await ocibench([...runWords(place, 8), '--blocks', '8..60'], place.path);
      results = await resultsIn(place);
      run = await recordOf(results, 'run.json');
      ({ effects = [] } = await recordOf<Analysis>(results, 'analysis.json'));
    }, 900_000);
    afterAll(() => place.remove());

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
      expect(run.config.designs).toMatchObject([{ name: 'opt', base: 'optional', aliases: [] }]);
      const started = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
      expect(started.map(({ entry }) => entry.name)).toEqual([
        'runc',
        'opt',
        'opt+pause-on',
        'opt+label-b',
        'opt+pause-on+label-b',
      ]);
    });

    test('what an option costs is found in its own effect, and in no other', () => {
      const [pause] = rowsOf('pause=on');
      expect(pause).toMatchObject({ verdict: 'slower', aliases: [] });
      expect(pause?.pairs).toBeGreaterThanOrEqual(8);
      expect(pause?.ratioCiLow).toBeGreaterThan(1.05);
      expect(rowsOf('label=b').map(({ verdict }) => verdict)).toEqual(['equivalent']);
      const [both] = rowsOf('pause=on', 'label=b');
      expect(both?.ratio).toBeGreaterThan(0.9);
      expect(both?.ratio).toBeLessThan(1.1);
      expect(['equivalent', 'inconclusive']).toContain(both?.verdict);
    });

    test('a value that does not start costs its own effects only, which say why', () => {
      for (const [row] of [rowsOf('label=refused'), rowsOf('pause=on', 'label=refused')]) {
        expect(row).toMatchObject({ verdict: 'unavailable', ratio: null });
        expect(row?.note).toMatch(
          /^no arm with label=refused has values: opt\+label-refused: .*exit status 7/,
        );
      }
    });

    test('effects.csv, the report and the terminal say the same', async () => {
      const rows = await readCsv(join(results, 'effects.csv'));
      expect(rows.map(({ verdict }) => verdict)).toEqual(effects.map(({ verdict }) => verdict));
      expect(result.stdout).toContain('pause=on instead of off: slower');
    });

    test('leaves nothing on this host', async () => {
      expect(await tracesOf(run.runId, 20_000)).toEqual([]);
    });
  },
);
