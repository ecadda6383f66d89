import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AppContext } from '../../../../../src/app/context.ts';
import { openConfiguration, requestOf } from '../../../../../src/app/measure/configuration.ts';
import type { OcibenchError } from '../../../../../src/core/model/failure/error.ts';
import { refuseUnregistered } from '../../../../../src/features/nightly/app/night/after.ts';
import {
  type NightlyFlags,
  nightlySettings,
} from '../../../../../src/features/nightly/app/night/settings.ts';
import { pinRuntime } from '../../../../../src/features/nightly/app/pins/pin.ts';
import { pinEntry, readPin } from '../../../../../src/features/nightly/app/pins/pinned-copies.ts';
import { testContext } from '../../../../support/app-context.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'engine-'));
  vi.stubEnv('OCIBENCH_STATE', place);
  vi.stubEnv('PATH', place);
  await copyFile('/bin/true', join(place, 'runc'));
  await copyFile('/bin/true', join(place, 'tick'));
  await writeFile(
    join(place, 'daemon.json'),
    JSON.stringify({ runtimes: { tick: { path: join(place, 'tick'), runtimeArgs: ['--a', 'b c'] } } }),
  );
  for (const name of ['runc', 'tick']) await pinRuntime(testContext(), name, flags());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

const flags = () => ({ set: [`daemonJson=${join(place, 'daemon.json')}`] });

/** A context whose daemon has these runtimes; null: no daemon answers. */
function appWith(runtimes: readonly { readonly name: string; readonly path?: string }[] | null): AppContext {
  const context = testContext();
  const connectIfThere = async () =>
    runtimes === null ? null : { engine: { runtimes: async () => runtimes }, close: async () => undefined };
  return { ...context, engines: { ...context.engines, connectIfThere } } as unknown as AppContext;
}

async function refused(app: AppContext, engine?: string): Promise<readonly string[]> {
  const given: NightlyFlags = { ...flags(), ...(engine === undefined ? {} : { engine }) };
  const request = await requestOf(app, given, { here: false });
  const configuration = await openConfiguration(app, request, { here: false });
  const settings = await nightlySettings(app, given, request, configuration, '2026-01-02T02:00:00.000Z');
  return refuseUnregistered(app, configuration, settings).then(
    () => [],
    (error: OcibenchError) => error.problems.map(({ key, fix }) => `${key}: ${fix}`),
  );
}

test('a daemon that lacks the copies: the command for each, with its arguments', async () => {
  const paths = new Map<string, string | undefined>();
  for (const name of ['runc', 'tick']) paths.set(name, pinEntry(await readPin(name)).path);
  const add = `ocibench runtimes add --daemon-json ${place}/daemon.json`;
  expect(await refused(appWith([{ name: 'runc' }]))).toEqual([
    `runtimes.runc-pin: ${add} runc-pin --path ${paths.get('runc')}   (or: --engine embedded, as root)`,
    `runtimes.tick-pin: ${add} tick-pin --path ${paths.get('tick')} -- --a 'b c'   (or: --engine embedded, as root)`,
  ]);
  const registered = [...paths].map(([name, path]) => ({ name: `${name}-pin`, ...(path ? { path } : {}) }));
  expect(await refused(appWith(registered))).toEqual([]);
  expect(await refused(appWith([...registered.slice(1), { name: 'runc-pin', path: '/other' }]))).toHaveLength(
    1,
  );
});

test('the embedded engine takes them, and without a daemon it is the embedded one', async () => {
  expect(await refused(appWith([]), 'embedded')).toEqual([]);
  expect(await refused(appWith(null))).toEqual([]);
});
