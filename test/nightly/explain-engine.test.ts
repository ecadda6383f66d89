import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from '../../scripts/course-page/rows.ts';
import { parseDaemonJson } from '../../src/core/config/daemon-json.ts';
import { explainPreflight } from '../../src/core/host/preflight/explain.ts';
import type { HostFacts } from '../../src/core/model/machine/host.ts';
import { readDockerHere } from '../../src/features/options/judge/here.ts';
import { judgeDaemonJson } from '../../src/features/options/judge/judge.ts';
import { canRun } from '../e2e/support.ts';
import { files } from '../features/options/judge/files.ts';
import { type DockerMachine, dockerMachine, effectOf, type Release, releases } from './docker-machine.ts';

/** Files whose containers need what this test does not have: somebody who listens, and a plugin that answers. */
const ofOthers = ['fluentd', 'authz-broker'];

/** What `runtimes explain` says of a file in the machine; null where it refuses to read it. */
async function saidOf(source: string, release?: Release): Promise<string | null> {
  const parsed = parseDaemonJson(source, 'daemon.json');
  if (!parsed.ok) return null;
  const here = await readDockerHere('/etc/docker/daemon.json', parsed.config);
  // The machine has no service of systemd and no journal of its own.
  const machine = { ...here, flags: new Set<string>(), hasSystemd: false };
  const version = release?.major === 28 ? '28.5.2' : here.version;
  return judgeDaemonJson(parsed.config, { ...machine, version })[0]?.effect ?? 'ok';
}

/** What dockerd shows of an effect: what does nothing, or is a mere note, starts and runs. */
const shown = (effect: string | null) => (effect === 'ignored' || effect === 'note' ? 'ok' : effect);

describe.skipIf(!canRun)('what is said of a daemon.json, beside what dockerd does with it', () => {
  let machine: DockerMachine;

  beforeAll(() => {
    machine = dockerMachine();
  });
  afterAll(() => machine[Symbol.dispose]());

  test('a file without settings validates, starts and runs', () => {
    expect(machine.tryFile('{}')).toBe('validated\nstarted\nran\n');
  });

  test.each(files.map(([, source]) => [source]))('%s', async (source) => {
    const said = machine.tryFile(source);
    const effect = await saidOf(source);
    if (effect === null) expect(said).not.toMatch(/^started$/m);
    else if (ofOthers.some((name) => source.includes(name))) expect(effect).toBe('note');
    else expect(shown(effect), said).toBe(effectOf(said));
  });
});

const inFiles = rows.flatMap((row) => (row.file === undefined ? [] : [{ ...row, file: row.file }]));
const byHand = rows.flatMap(({ line, steps }) => (steps === undefined ? [] : [{ line, steps }]));

/** Runtimes that the commands of the course page name. */
const registered = {
  crun: { path: '/usr/bin/crun' },
  'runsc-usual': { path: '/usr/bin/runsc' },
  'runsc-ptrace': { path: '/usr/bin/runsc', runtimeArgs: ['--platform=ptrace', '--network=none'] },
};

describe.skipIf(!canRun).each(releases)('the course page under Docker $major', (release) => {
  let machine: DockerMachine;
  let printed: readonly string[];

  beforeAll(() => {
    machine = dockerMachine();
    const mark = '@@ next';
    const commands = byHand.map(({ steps }) => `echo '${mark}'\n(\n${steps[0]}\n) 2>&1\n`).join('');
    const source = JSON.stringify({ runtimes: registered, 'metrics-addr': '127.0.0.1:9323' });
    printed = machine.tryFile(source, { release, steps: commands }).split(`${mark}\n`).slice(1);
  }, 600_000);
  afterAll(() => machine[Symbol.dispose]());

  test.each(inFiles)('$line', async ({ file, runtime }) => {
    const [name = 'runc', code] = runtime ?? [];
    const start = `docker run --rm --network none --runtime '${name}' image /bin/uname 2>&1`;
    const said = machine.tryFile(file.source, { release, ...(code === undefined ? {} : { steps: start }) });
    const effect = await saidOf(file.source, release);
    const stated = release.major === 28 ? (file.effect28 ?? file.effect) : file.effect;
    if (file.ofHost !== true) expect(effect ?? 'parser').toBe(stated);
    if (effect === null) expect(said).not.toMatch(/^started$/m);
    else expect(shown(effect), said).toBe(effectOf(said));
    if (code === undefined) return;
    const parsed = parseDaemonJson(file.source, 'daemon.json');
    const settings = parsed.ok ? parsed.config.runtimes?.[name] : undefined;
    const entry = { name, origin: 'daemon.json' as const, ...settings };
    expect(explainPreflight(said, { entry, host: {} as HostFacts }).code, said).toBe(code);
  });

  test.each(byHand.map((row, at) => ({ ...row, at })))('$line, typed', ({ at, steps }) => {
    const [, output, output28 = output] = steps;
    expect(printed[at]).toMatch(release.major === 28 ? output28 : output);
  });
});
