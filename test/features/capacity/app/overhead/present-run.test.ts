import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostOf } from '../../../../../src/app/host-checks.ts';
import { sha256Of } from '../../../../../src/core/host/sha256.ts';
import type { RunRecord } from '../../../../../src/core/model/run.ts';
import { presentRun } from '../../../../../src/features/capacity/app/overhead/measure-overhead.ts';
import { refuseOutlived } from '../../../../../src/features/capacity/app/overhead/overhead-refusals.ts';
import { runRecord, runtimeFacts } from '../../../../support/records.ts';

/** An app whose daemon has these facts, and the runtime at this path. */
function appWith(engine: RunRecord['engine'], path: string) {
  const connected = {
    engine: { facts: engine, runtimes: async () => [{ name: 'runc', path }] },
    close: async () => undefined,
  };
  return { environment: { version: '0.1.0' }, engines: { connectIfThere: async () => connected } } as never;
}

test('what is another by now is named before anything is measured: machine, engine, programs', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-present-'));
  const program = join(directory, 'runc');
  await writeFile(program, 'new', { mode: 0o755 });
  const base = runRecord();
  const engine = { ...base.engine, kind: 'docker' as const, local: true };
  const runtimes = [
    { ...runtimeFacts('runc'), entry: { name: 'runc', path: program, origin: 'daemon.json' as const } },
  ].map((each) => ({ ...each, sha256: 'old' }));
  const host = await hostOf({ engine: { facts: engine } } as never);
  const was = { ...base, engine, runtimes, host };
  const same = { ...was, runtimes: [{ ...runtimes[0], sha256: await sha256Of(program) }] } as RunRecord;
  const app = appWith(engine, program);
  expect(() => refuseOutlived(same, same)).not.toThrow();
  refuseOutlived(same, await presentRun(app, same, {}));

  const other = {
    ...was,
    engine: { ...engine, version: '1.0' },
    host: {
      ...host,
      id: '00000000000000bb',
      cpuModel: 'another',
      cpus: 3,
      mitigations: { meltdown: 'none' },
    },
  };
  const now = await presentRun(app, other, {});
  const refused = (() => {
    try {
      refuseOutlived(other, now);
    } catch (error) {
      return error as { readonly problems: readonly { readonly key: string }[] };
    }
    throw new Error('it is not refused');
  })();
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.problems.map(({ key }) => key).toSorted()).toEqual([
    'engine.version',
    'host.cpuModel',
    'host.cpus',
    'host.id',
    'host.mitigations',
    'runtimes.runc.sha256',
  ]);
  await rm(directory, { recursive: true });
});
