import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLibrary, findProgram } from '../../src/core/files/programs.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { evidenceOf } from '../../src/core/model/trial/evidence.ts';
import wasmCpu from '../../workloads/sandbox/wasm-cpu.ts';
import { configured, isWhole, recordOf, resultsIn, runWords, trialsOf } from './engines-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, workplace } from './support.ts';

const hasCrun = (await findProgram('crun-wasm')) !== null;
const hasLibrary = (await findLibrary('libwasmedge.so.0')) !== null;
/** Ids of the tests of modules, in alphabetical order. */
const modules = ['memory/wasm-idle', 'sandbox/wasm-cpu', 'sandbox/wasm-files', 'sandbox/wasm-start'];
const runtimes = { runc: {}, wasm: { path: '/usr/bin/crun-wasm' } };

describe.skipIf(!canRun || !hasCrun || !hasLibrary)('modules under crun-wasm', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let results = '';
  let run: RunRecord;

  beforeAll(async () => {
    place = await workplace();
    await configured(place, {
      engine: 'embedded',
      preset: 'full',
      runtimes,
      workloads: [...modules, 'startup/exec'],
    });
    result = await ocibench(runWords(place, 1), place.path);
    results = await resultsIn(place);
    run = await recordOf(results, 'run.json');
  });
  afterAll(() => place.remove());

  test('every module ran, and so did its native program', async () => {
    expect(result.exitCode, result.stderr).toBe(0);
    const trials = (await trialsOf(results)).filter(isWhole);
    const ended = (runtime: string) =>
      trials
        .filter(({ cell, phase }) => cell.runtime === runtime && phase === 'measure')
        .map(({ cell, outcome }) => `${cell.workload} ${cell.params} ${outcome.status}`)
        .toSorted();
    expect(ended('wasm')).toEqual(
      modules.flatMap((id) => ['compiled', 'interpreted'].map((code) => `${id} code=${code} ok`)),
    );
    expect(ended('runc')).toEqual(expect.arrayContaining([...ended('wasm')]));
  });

  test('the interpreter is slower than its own code compiled ahead', async () => {
    const step = async (code: string) => {
      const trial = (await trialsOf(results)).find(
        ({ cell, phase }) =>
          phase === 'measure' &&
          cell.runtime === 'wasm' &&
          cell.workload === wasmCpu.id &&
          cell.params === `code=${code}`,
      );
      if (trial === undefined) throw new Error(`no trial of ${code} code`);
      return wasmCpu.parse(evidenceOf(trial), { code }).find(({ metric }) => metric === 'wasm.step')?.value;
    };
    expect(await step('interpreted')).toBeGreaterThan((await step('compiled')) ?? Number.POSITIVE_INFINITY);
  });

  test('a native program is not tried, and the run says why', () => {
    const exec = run.subjects.find(({ workload }) => workload === 'startup/exec');
    expect(exec?.unsupported.wasm).toMatch(/WebAssembly modules only/);
    expect(exec?.unsupported.runc).toBeUndefined();
  });

  test('the run names what executed the modules', () => {
    const facts = run.runtimes.find(({ entry }) => entry.name === 'wasm');
    expect(facts).toMatchObject({
      family: 'wasm',
      version: expect.stringMatching(/^crun version 1\./),
      platform: expect.stringMatching(/^WasmEdge/),
      sidecars: { are: 'present', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  test('nothing is left on this host', async () => {
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  });
});

test.skipIf(!canRun || !hasCrun)(
  'a library that cannot be loaded is the reason, with its package',
  async () => {
    const place = await workplace();
    try {
      const broken = join(place.path, 'lib');
      await mkdir(broken);
      await writeFile(join(broken, 'libwasmedge.so.0'), '');
      await configured(place, {
        engines: [{ name: 'host', env: { LD_LIBRARY_PATH: broken } }],
        runtimes,
        workloads: ['sandbox/wasm-start'],
      });
      await ocibench(runWords(place, 1), place.path);
      const run = await recordOf<RunRecord>(await resultsIn(place), 'run.json');
      expect(run.runtimes.map(({ preflight }) => preflight.status)).toEqual(['available', 'unavailable']);
      expect(run.runtimes[1]?.preflight).toMatchObject({
        code: 'wasm-library-missing',
        fix: expect.stringContaining('apt-get install libwasmedge0'),
        error: expect.stringContaining('libwasmedge.so.0'),
      });
      expect(await tracesOf(run.runId, 20_000)).toEqual([]);
    } finally {
      await place.remove();
    }
  },
);
