import { appendFile, chmod, copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunProgram } from '../../../../../src/core/host/programs.ts';
import type { OcibenchError } from '../../../../../src/core/model/failure/error.ts';
import { listPins, pinRuntime, unpinRuntime } from '../../../../../src/features/nightly/app/pins/pin.ts';
import { savePin } from '../../../../../src/features/nightly/app/pins/pin-copy.ts';
import {
  pinDirectory,
  pinEntry,
  pinFile,
  readPin,
  verifiedPins,
} from '../../../../../src/features/nightly/app/pins/pinned-copies.ts';
import { testContext } from '../../../../support/app-context.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'pins-'));
  vi.stubEnv('OCIBENCH_STATE', place);
  await install('tick', '/bin/true');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

const app = testContext();
const flags = () => ({ set: [`daemonJson=${join(place, 'daemon.json')}`] });

/** Registers this program as the runtime `tick`, with other entries. */
async function install(file: string, program: string, others: object = {}): Promise<void> {
  const path = join(place, file);
  await copyFile(program, path);
  await chmod(path, 0o755);
  const runtimes = { tick: { path, runtimeArgs: ['--a=b'] }, ...others };
  await writeFile(join(place, 'daemon.json'), JSON.stringify({ runtimes }));
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('not refused'),
    (error: OcibenchError) => error.problems.map(({ message, fix }) => `${message} / ${fix}`).join('\n'),
  );

test('a pin is a copy with its arguments, which stays when the program is replaced', async () => {
  const { pin, same } = await pinRuntime(app, 'tick', flags());
  expect(same).toBe(false);
  expect(pin).toMatchObject({ runtime: 'tick', program: 'tick', source: join(place, 'tick') });
  expect(pin.version).toContain('true');
  await install('tick', '/bin/false');
  const [kept] = await verifiedPins(['tick']);
  expect(kept).toEqual(pin);
  expect(pinEntry(pin)).toMatchObject({ name: 'tick-pin', runtimeArgs: ['--a=b'], origin: 'pin' });
  expect(await refusal(pinRuntime(app, 'tick', flags()))).toMatch(/^it is already pinned: true.*--replace$/);
  expect(await listPins()).toEqual([{ runtime: 'tick', pin, trouble: null }]);
});

test('the same program is not pinned twice, and today’s replaces it only where that is asked for', async () => {
  const { pin } = await pinRuntime(app, 'tick', flags());
  expect(await pinRuntime(app, 'tick', flags())).toEqual({ pin, same: true });
  await install('tick', '/bin/false');
  const replaced = await pinRuntime(app, 'tick', { ...flags(), replace: true });
  expect(replaced.pin.sha256).not.toBe(pin.sha256);
  expect(await verifiedPins(['tick'])).toEqual([replaced.pin]);
  expect((await readdir(pinDirectory('tick'))).toSorted()).toEqual([
    replaced.pin.sha256.slice(0, 16),
    'pin.json',
  ]);
  await unpinRuntime(app, 'tick', flags());
  expect(await listPins()).toEqual([]);
});

test('a runtime that executes itself as nobody reaches its copy, and nobody else can change it', async () => {
  const { pin } = await pinRuntime(app, 'tick', flags());
  const program = pinEntry(pin).path ?? '';
  for (let at = program; at.startsWith(place) && at !== place; at = dirname(at)) {
    const { mode } = await stat(at);
    expect(mode & 0o001, at).toBe(0o001);
    expect(mode & 0o022, at).toBe(0);
  }
  expect((await stat(pinFile('tick'))).mode & 0o077).toBe(0);
});

test('what a killed copy left is no pin, and does not hinder the next one', async () => {
  const { pin } = await pinRuntime(app, 'tick', flags());
  await mkdir(join(pinDirectory('tick'), '.new'));
  await writeFile(join(pinDirectory('tick'), '.new', 'tick'), 'half');
  expect(await verifiedPins(['tick'])).toEqual([pin]);
  await install('tick', '/bin/false');
  await pinRuntime(app, 'tick', { ...flags(), replace: true });
  expect(await readdir(pinDirectory('tick'))).toHaveLength(2);
});

test('a copy that answers late, on a loaded host, is asked patiently', async () => {
  const entry = { name: 'tick', path: join(place, 'tick'), origin: 'daemon.json' } as const;
  const late: RunProgram = async (_file, _args, { timeoutMs = 0 } = {}) =>
    timeoutMs < 30_000
      ? { exitCode: null, stdout: '', stderr: '' }
      : { exitCode: 0, stdout: 'tick 1.0', stderr: '' };
  const { version } = await savePin(entry, entry.path, '2026-01-01T00:00:00.000Z', late);
  expect(version).toBe('tick 1.0');
});

describe('a copy is not used', () => {
  test('that changed', async () => {
    const { pin } = await pinRuntime(app, 'tick', flags());
    await appendFile(pinEntry(pin).path ?? '', 'x');
    expect(await refusal(verifiedPins(['tick']))).toMatch(
      /^has sha256 [0-9a-f]{64}, but [0-9a-f]{64} was pinned/,
    );
    expect((await listPins())[0]?.trouble).not.toBeNull();
    expect(await refusal(pinRuntime(app, 'tick', flags()))).toContain('it is already pinned');
  });

  test('that others could have changed', async () => {
    await pinRuntime(app, 'tick', flags());
    await chmod(pinFile('tick'), 0o666);
    expect(await refusal(readPin('tick'))).toContain('users other than its owner could have changed it');
  });

  test.each(['', '{', '{"schema":2}', '[]'])('whose record is %j', async (text) => {
    await pinRuntime(app, 'tick', flags());
    await writeFile(pinFile('tick'), text);
    expect(await refusal(verifiedPins(['tick', 'tock']))).toBe(
      'is not the record of a pinned copy / ocibench nightly pin tick --replace   (begins new segments in the history)\n' +
        'there is no pinned copy of tock / ocibench nightly pin tock',
    );
  });
});

describe('what cannot be pinned says why', () => {
  test.each([
    ['tock', {}, 'there is no such runtime'],
    ['kata', { kata: { runtimeType: 'io.containerd.kata.v2' } }, 'it is a shim (io.containerd.kata.v2)'],
    ['gone', { gone: { path: '/nowhere/gone' } }, 'its program /nowhere/gone does not exist'],
    ['tick', { 'tick-pin': { path: '/bin/true' } }, 'another runtime is registered as tick-pin'],
  ])('%s of %j', async (name, others, why) => {
    await install('tick', '/bin/true', others);
    expect(await refusal(pinRuntime(app, name, flags()))).toContain(why);
    expect(await listPins()).toEqual([]);
  });

  test('a script, which would start what it names at that time', async () => {
    const path = join(place, 'script');
    await writeFile(path, '#!/bin/sh\nexec runc "$@"\n', { mode: 0o755 });
    await install('tick', '/bin/true', { script: { path } });
    expect(await refusal(pinRuntime(app, 'script', flags()))).toContain('is a script');
  });

  test('the copy itself, where a daemon has it registered', async () => {
    const { pin } = await pinRuntime(app, 'tick', flags());
    await install('tick', '/bin/true', { 'tick-pin': { path: pinEntry(pin).path } });
    expect(await refusal(pinRuntime(app, 'tick-pin', flags()))).toContain('it is itself a pinned copy');
    expect((await pinRuntime(app, 'tick', flags())).same).toBe(true);
  });
});

test('a place for the state that is not there is told with what makes it', async () => {
  const missing = join(place, 'not', 'there');
  vi.stubEnv('OCIBENCH_STATE', missing);
  const said = await refusal(pinRuntime(app, 'tick', flags()));
  expect(said).toContain(`it does not exist / make it:  mkdir -p -m 700 ${missing}`);
});
