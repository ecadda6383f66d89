import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runtimeDirectory } from '../../src/core/host/run-registry.ts';
import { type Recording, recordingSchema } from '../../src/features/capacity/recording/recording.ts';
import { type OtherDaemon, startOtherDaemon } from './docker-daemon.ts';
import { findSameNamespaces, findShared } from './engine-apart.ts';
import { type ForeignContainers, foreignContainers } from './foreign-containers.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, root, workplace } from './support.ts';

/** A program that makes so many calls of each kind; perl itself makes only a few of them. */
const known = { getppid: 20_000, read: 20_000, openat: 10_000 };
const program = `
getppid() for 1 .. ${known.getppid};
open my $zero, '<', '/dev/zero'; my $x;
sysread($zero, $x, 100) for 1 .. ${known.read};
for (1 .. ${known.openat}) { open my $f, '<', '/dev/null'; close $f }
fork or exit 0 for 1 .. 5;
`;
/** What perl does beside: it reads its modules, and opens them. */
const own = 100;

type Place = Awaited<ReturnType<typeof workplace>>;
type Result = Awaited<ReturnType<typeof ocibench>>;

function recordingOf({ stdout, stderr, exitCode }: Result): Recording {
  expect(exitCode, String(stderr)).toBe(0);
  return recordingSchema.parse(JSON.parse(String(stdout)));
}

const countOf = ({ calls }: Recording, name: string) => calls.find((call) => call.name === name)?.count ?? 0;

// Tracers are given no other variable of this process: by it they are known from others on the host.
process.env.PATH += `:/nonexistent/tracers-of-${process.pid}`;

/** Tracers that this file has started. */
async function tracers(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`PATH=${process.env.PATH}`)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/^[^\0]*\b(?:bpftrace|perf|strace)\0/.test(line) || line.includes('ocibench-loop')) found.push(pid);
  }
  return found;
}

/** The run that this process has registered. */
async function runOf(pid: number | undefined): Promise<string> {
  const directory = join(runtimeDirectory, 'runs');
  for (const name of await readdir(directory)) {
    // Others register their runs meanwhile, and end them.
    const text = await readFile(join(directory, name), 'utf8').catch(() => '');
    if (text.includes(`"pid":${pid},`)) return name;
  }
  throw new Error(`no run of process ${pid} is registered`);
}

describe.skipIf(!canRun)('a command of known calls', () => {
  let place: Place;
  beforeAll(async () => {
    place = await workplace();
  });
  afterAll(() => place.remove());

  const recorded = async (...words: readonly string[]) =>
    recordingOf(
      await ocibench(['capacity', 'record', '--json', ...words, '--', 'perl', '-e', program], place.path),
    );

  test.each(['bpftrace', 'perf', 'strace'])('%s counts them within 1 %%', async (tracer) => {
    const found = await recorded('--tracer', tracer);
    expect(found.tracer.kind).toBe(tracer);
    expect(found.endedBy).toBe('exit');
    expect(found.target.exitCode).toBe(0);
    for (const [name, count] of Object.entries(known)) {
      expect(countOf(found, name), name).toBeGreaterThanOrEqual(count);
      expect(countOf(found, name), name).toBeLessThan(count * 1.01 + own);
    }
    const forks = found.figures['tasks.forks'];
    if (tracer !== 'strace') expect(forks).toMatchObject({ value: 5 });
    const { madeCalls = 0, countedCalls = 0 } = found.disturbance ?? {};
    expect(countedCalls).toBeGreaterThanOrEqual(madeCalls * 0.99);
    expect(found.notes.map(({ note }) => note).join()).not.toContain('known calls');
  });

  test('bpftrace also counts bytes and switches, and times calls and processes', async () => {
    const found = await recorded('--tracer', 'bpftrace', '--time-one-of', '1');
    const read = found.calls.find(({ name }) => name === 'read');
    expect(read?.bytes).toBeGreaterThanOrEqual(known.read * 100);
    expect(read?.timed).toBeGreaterThan(known.read * 0.99);
    expect(read?.timeNs).toBeGreaterThan(0);
    const perl = found.places.find(({ process, call }) => process === 'perl' && call === 'getppid');
    expect(perl?.calls).toBeGreaterThan(known.getppid * 0.99);
    for (const id of ['cpu.user', 'cpu.system', 'faults.all', 'switches.all', 'memory.current'])
      expect(found.figures[id], id).toMatchObject({ value: expect.any(Number) });
    expect(found.disturbance?.plain.low).not.toBeNull();
  });

  test('bpftrace tells processes that borrow memory from those that copy it', async () => {
    const starts = `
import os
for _ in range(3): os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
for _ in range(2):
    child = os.fork()
    if child == 0: os._exit(0)
    os.waitpid(child, 0)`;
    const result = await ocibench(
      ['capacity', 'record', '--json', '--tracer', 'bpftrace', '--', '/usr/bin/python3', '-I', '-c', starts],
      place.path,
    );
    expect(recordingOf(result).figures).toMatchObject({
      'tasks.processes': { value: 5 },
      'tasks.vforks': { value: 3 },
      'tasks.execs': { value: 3 },
    });
  });

  test('a program may call itself what it likes', async () => {
    const names = String.raw`$0 = $_, getppid() for ("a\",\"x\":1}\n\\", "1,2,3", "\xff\xfe", "</text><b>");`;
    const result = await ocibench(
      [
        'capacity',
        'record',
        '--json',
        '--tracer',
        'bpftrace',
        '--time-one-of',
        '1',
        '--',
        'perl',
        '-e',
        names,
      ],
      place.path,
    );
    const found = recordingOf(result);
    expect(countOf(found, 'getppid')).toBe(4);
    const places = found.places.filter(({ call }) => call === 'getppid');
    expect(places.map(({ calls }) => calls)).toEqual([1, 1, 1, 1]);
    expect(places.map(({ process }) => process)).toContain('1,2,3');
    const picture = join(place.path, 'results', found.recordingId, 'calls.svg');
    expect(await readFile(picture, 'utf8')).not.toContain('<b>');
  });

  test('its own exit code is told apart, and the recording is written', async () => {
    const result = await ocibench(['capacity', 'record', '--', 'sh', '-c', 'exit 7'], place.path);
    expect(result.exitCode, String(result.stderr)).toBe(1);
    expect(result.stdout).toContain('the command exited with code 7');
    const [directory = ''] = (await readdir(join(place.path, 'results'))).toSorted().toReversed();
    const text = await readFile(join(place.path, 'results', directory, 'recording.json'), 'utf8');
    expect(recordingSchema.parse(JSON.parse(text)).target.exitCode).toBe(7);
    expect(await readFile(join(place.path, 'results', directory, 'calls.svg'), 'utf8')).toContain('<svg');
  });

  test('what has no end is ended after the time, with what it started', async () => {
    const found = await recordingOf(
      await ocibench(
        ['capacity', 'record', '--json', '--for', '1s', '--', 'sh', '-c', 'sleep 1111 & sleep 1111'],
        place.path,
      ),
    );
    expect(found.endedBy).toBe('time');
    expect((await execa('ps', ['-eo', 'args'])).stdout).not.toContain('sleep 1111');
  });

  /** Runs `ocibench` where programs, or the kernel's description of itself, are hidden from it. */
  const without = async (hidden: readonly string[], ...words: readonly string[]) => {
    const hide = 'for each in $0; do mount --bind "$1" "$each" || exit 99; done; shift; exec "$@"';
    const empty = await mkdtemp(join(place.path, 'empty-'));
    const file = join(empty, 'file');
    await writeFile(file, '');
    const isDirectory = hidden.every((path) => !path.startsWith('/usr/bin'));
    const program = [process.execPath, join(root, 'src/cli.ts'), 'capacity', 'record', ...words];
    return execa(
      'unshare',
      [
        '--mount',
        '--propagation',
        'private',
        'sh',
        '-c',
        hide,
        hidden.join(' '),
        isDirectory ? empty : file,
        ...program,
      ],
      { reject: false, stdin: 'ignore', cwd: place.path, env: { NO_COLOR: '1', LC_ALL: 'C.UTF-8' } },
    );
  };
  const programs = ['bpftrace', 'perf', 'strace'].map((name) => `/usr/bin/${name}`);

  test('without any tracer it ends with 3, and says what each lacks', async () => {
    const result = await without(programs, '--set', 'wait=true', '--', 'true');
    expect(result.exitCode, result.stdout).toBe(3);
    for (const name of ['bpftrace', 'linux-perf', 'strace'])
      expect(result.stderr).toContain(`apt-get install -y ${name}`);
  });

  test.each([
    ['/usr/bin/bpftrace', 'bpftrace is not installed'],
    ['/sys/kernel/btf', 'the kernel does not describe its structures'],
  ])('without %s perf counts, and the recording says why', async (hidden, why) => {
    const result = await without([hidden], '--set', 'wait=true', '--json', '--', 'true');
    const found = recordingOf(result as Result);
    expect(found.tracer.kind).toBe('perf');
    expect(result.stderr).toContain(why);
    expect(found.tracer.passedOver.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
      expect.stringContaining(`bpftrace: ${why}`),
    ]);
  });

  test('nothing is left on this host', async () => {
    const runs = (await readdir(join(place.path, 'results'))).map((name) => name.replace('recording-', ''));
    expect(runs.length).toBeGreaterThan(3);
    for (const run of runs) expect(await tracesOf(run, 5_000), run).toEqual([]);
    expect(await tracers()).toEqual([]);
  });
});

describe.skipIf(!canRun)('what somebody else started', () => {
  let place: Place;
  let daemon: OtherDaemon;
  let foreign: ForeignContainers;
  let id = '';
  const environment = () => ({ DOCKER_HOST: daemon.host });
  /** Opens a file in each round, and starts nothing. */
  const loop = ['/bin/sh', '-c', 'while :; do : </bin/sh; done'];

  const start = async (runtime: string) => {
    const options = {
      Image: 'foreign/app:1',
      Cmd: loop,
      HostConfig: { Runtime: runtime, NetworkMode: 'none' },
    };
    const container = await daemon.docker.createContainer(options);
    await container.start();
    return container.id;
  };
  const state = async () => (await daemon.docker.getContainer(id).inspect()).State;

  beforeAll(async () => {
    place = await workplace();
    const runsc = { path: '/usr/bin/runsc', runtimeArgs: ['--network=none', '--ignore-cgroups'] };
    daemon = await startOtherDaemon({ runtimes: { runsc } });
    foreign = foreignContainers(daemon.docker, place.path);
    await foreign.start('idle');
    id = await start('runc');
  });
  afterAll(async () => {
    await foreign.removeAll();
    await daemon.stop();
    await place.remove();
  });

  test('a container is recorded while it runs, and runs on as it was', async () => {
    const before = await state();
    const found = recordingOf(
      await ocibench(
        ['capacity', 'record', '--json', '--container', id.slice(0, 12), '--for', '3s'],
        place.path,
        environment(),
      ),
    );
    expect(found.target).toMatchObject({ kind: 'container', runtime: 'runc', exitCode: null });
    expect(found.target.cgroup).toContain(id);
    expect(found.endedBy).toBe('time');
    expect(countOf(found, 'openat')).toBeGreaterThan(1000);
    expect(found.windowNs / 1e9).toBeGreaterThan(2.9);
    // It has a network of its own, in which nothing happens.
    expect(found.figures['network.rx_packets']).toMatchObject({ value: 0 });
    expect(await state()).toEqual(before);
    expect(await tracers()).toEqual([]);
  });

  test('by its cgroup the same, and only its own calls', async () => {
    const [busy, idle] = [id, (await foreign.running()).find((each) => each !== id) ?? ''];
    const calls = async (container: string) => {
      const words = ['capacity', 'record', '--json', '--cgroup', `/other-docker/${container}`, '--for', '2s'];
      return recordingOf(await ocibench(words, place.path)).calls.reduce((sum, { count }) => sum + count, 0);
    };
    expect(await calls(busy)).toBeGreaterThan(1000);
    expect(await calls(idle)).toBeLessThan(100);
  });

  test('under gVisor it is refused, because the host sees the calls of another kernel', async () => {
    const sandboxed = await start('runsc');
    const result = await ocibench(
      ['capacity', 'record', '--container', sandboxed],
      place.path,
      environment(),
    );
    expect(result.exitCode, String(result.stdout)).toBe(2);
    expect(result.stderr).toContain('kernel of its own');
  });

  test.each([
    [['--container', 'nobody'], 'there is no container nobody'],
    [['--container', '../../etc'], 'is not a valid container name'],
    [['--cgroup', '/no/such'], 'there is no cgroup /no/such'],
    [['--cgroup', '/'], 'the root cgroup is the whole machine'],
    [['--cgroup', '/a/../b'], 'is not a cgroup path'],
    [['--image', 'no/such:1'], 'does not have the image'],
  ])('%j is refused with exit 2', async (words, said) => {
    const result = await ocibench(['capacity', 'record', ...words], place.path, environment());
    expect(result.exitCode, String(result.stdout)).toBe(2);
    expect(result.stderr).toContain(said);
  });

  test('of an image: only the program itself is counted, and the container is removed', async () => {
    const words = ['--image', 'foreign/app:1', '--network', 'none', '--for', '2s', '--', ...loop];
    const found = recordingOf(
      await ocibench(['capacity', 'record', '--json', ...words], place.path, environment()),
    );
    expect(found.target).toMatchObject({ kind: 'image', command: loop });
    expect(countOf(found, 'openat')).toBeGreaterThan(1000);
    // A runtime mounts and pivots; this program does not.
    for (const name of ['mount', 'pivot_root', 'unshare']) expect(countOf(found, name), name).toBe(0);
    const left = await daemon.docker.listContainers({ all: true, filters: { label: ['io.ocibench.run'] } });
    expect(left).toEqual([]);
  });

  test('when ocibench is killed, its tracer ends with it, and the container runs on', async () => {
    const before = await state();
    const child = ocibench(
      ['capacity', 'record', '--container', id, '--for', '10m'],
      place.path,
      environment(),
    );
    const deadline = performance.now() + 120_000;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    while (!said.includes('counted with') && performance.now() < deadline) await sleep(100);
    expect(said).toContain('counted with');
    const pids = (await tracers()).map(Number);
    expect(pids).not.toEqual([]);
    // What they mount stays with them.
    for (const pid of pids) {
      // What only counts turns of a loop mounts nothing.
      if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('ocibench-loop')) continue;
      expect(await findSameNamespaces(pid, ['mnt'])).toEqual([]);
      expect(await findShared(pid, '', [])).toEqual([]);
    }
    const run = await runOf(child.pid);
    expect(await tracesOf(run, 0)).not.toEqual([]);
    child.kill('SIGKILL');
    await child;
    while ((await tracers()).length > 0 && performance.now() < deadline) await sleep(50);
    expect(await tracers()).toEqual([]);
    expect(await state()).toEqual(before);
    const cleaned = await ocibench(['clean'], place.path, environment());
    expect(cleaned.exitCode, String(cleaned.stderr)).toBe(0);
    expect(await tracesOf(run, 10_000)).toEqual([]);
  });
});
