import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineSession } from '../../../src/app/measure/engine-session.ts';
import { refuseMissingDirectories } from '../../../src/app/measure/engines.ts';
import { refuseOtherEngines } from '../../../src/app/measure/resume.ts';
import { severalEngines } from '../../../src/app/measure/several-engines.ts';
import { recordableEngine } from '../../../src/core/config/engine-shape.ts';
import { external } from '../../../src/core/messages/compose.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';
import { cell, runRecord } from '../../support/records.ts';

const asked = (name: string, more: object = {}) => ({
  name,
  path: [],
  containerd: [],
  env: {},
  daemonJson: {},
  ...more,
});

function session(name: string, log: string[], lost: string | null = null): EngineSession {
  return {
    trials: () => async (spec: { trialId: string }) => log.push(`${name} ${spec.trialId}`),
    lost: async () => (lost === null ? null : external(lost)),
  } as unknown as EngineSession;
}

test('each trial runs in its own engine, and one without an engine in the first', async () => {
  const log: string[] = [];
  const named = new Map(['old', 'new'].map((name) => [name, session(name, log)]));
  const first = named.get('old');
  if (first === undefined) throw new Error('no engine');
  const run = severalEngines(first, named).trials({} as never);
  const place = { block: 1, phase: 'measure', attempt: 1 } as const;
  const spec = (trialId: string, engine?: string) => ({
    trialId,
    position: 0,
    cell: { ...cell('runc'), ...(engine === undefined ? {} : { engine }) },
  });
  await run(spec('a', 'new'), place);
  await run(spec('b', 'old'), place);
  await run(spec('c'), place);
  expect(log).toEqual(['new a', 'old b', 'old c']);
  expect(() => run(spec('d', 'gone'), place)).toThrow('there is no engine gone');
});

test('a session is lost with any of its engines', async () => {
  const log: string[] = [];
  const first = session('old', log);
  const lostOf = (second: EngineSession) =>
    severalEngines(
      first,
      new Map([
        ['old', first],
        ['new', second],
      ]),
    ).lost();
  expect(await lostOf(session('new', log))).toBeNull();
  expect((await lostOf(session('new', log, 'its dockerd has ended')))?.text).toBe('its dockerd has ended');
});

/** The keys of an error's problems. */
async function keysOf(refusal: () => Promise<void> | void): Promise<readonly string[]> {
  try {
    await refusal();
    return [];
  } catch (error) {
    if (error instanceof OcibenchError && error.exitCode === 2) return error.problems.map(({ key }) => key);
    throw error;
  }
}

test('every directory that does not exist is named before anything is started', async () => {
  const place = await mkdtemp(join(tmpdir(), 'ocibench-engines-'));
  try {
    const engines = [
      asked('here', { path: [place], containerd: [place] }),
      asked('gone', { path: [join(place, 'a')], containerd: [join(place, 'a'), join(place, 'b')] }),
    ];
    expect(await keysOf(() => refuseMissingDirectories(engines, 'bench.config.ts'))).toEqual([
      'engines.gone.path',
      'engines.gone.containerd',
    ]);
  } finally {
    await rm(place, { recursive: true });
  }
});

test('a run is resumed with its own engines only; what may be secret is compared by its digest', async () => {
  const [old, secret] = [asked('old'), asked('new', { env: { TOKEN: 'hush' } })];
  const run = runRecord({ config: { engines: [old, secret].map(recordableEngine) } });
  expect(JSON.stringify(run)).not.toContain('hush');
  expect(await keysOf(() => refuseOtherEngines(run, [old, secret]))).toEqual([]);
  const other = asked('new', { env: { TOKEN: 'other' } });
  expect(await keysOf(() => refuseOtherEngines(run, [old, other]))).toEqual(['engines.new']);
  expect(await keysOf(() => refuseOtherEngines(run, []))).toEqual(['engines.old', 'engines.new']);
  expect(await keysOf(() => refuseOtherEngines(run, [secret, old]))).not.toEqual([]);
  expect(await keysOf(() => refuseOtherEngines(runRecord(), [old]))).toEqual(['engines.old']);
  expect(await keysOf(() => refuseOtherEngines(runRecord(), []))).toEqual([]);
});
