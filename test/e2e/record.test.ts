import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Recording, recordingSchema } from '../../src/features/capacity/recording/recording.ts';
import { type OtherDaemon, startOtherDaemon } from './docker-daemon.ts';
import { type ForeignContainers, foreignContainers } from './foreign-containers.ts';
import { canRun, ocibench, workplace } from './support.ts';

const mebibyte = 2 ** 20;
const cpus = 0.3;
const heldBytes = 40 * mebibyte;
const writtenBytes = 8 * mebibyte;
/** Packets, and what is in each. */
const [sent, received, payloadBytes] = [300, 200, 1000];

type Result = Awaited<ReturnType<typeof ocibench>>;

function recordingOf({ stdout, stderr, exitCode }: Result, expected = 0): Recording {
  expect(exitCode, String(stderr)).toBe(expected);
  return recordingSchema.parse(JSON.parse(String(stdout)));
}

/** Resolves when the program has said something on stderr, or has ended. */
function untilSaid(child: ReturnType<typeof ocibench>, text: string): Promise<void> {
  return new Promise((resolve) => {
    let all = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      if (all.includes(text)) resolve();
    });
    child.stderr?.on('end', resolve);
  });
}

function figureOf({ figures }: Recording, id: string): number {
  const figure = figures[id];
  return figure !== undefined && 'value' in figure ? figure.value : Number.NaN;
}

describe.skipIf(!canRun)('a running container', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let daemon: OtherDaemon;
  let foreign: ForeignContainers;
  let web = '';
  let peer = '';

  /** Starts a shell; its tmpfs takes memory of its cgroup. */
  const start = async (name: string, script: string, more: object = {}) => {
    const container = await daemon.docker.createContainer({
      name,
      Image: 'foreign/app:1',
      Cmd: ['/bin/sh', '-c', script],
      HostConfig: { NetworkMode: 'none', Tmpfs: { '/held': '' }, Binds: [`${place.path}:/disk`], ...more },
    });
    await container.start();
    return container.id;
  };
  const cpuNs = async (id: string) => {
    const stats = await daemon.docker.getContainer(id).stats({ stream: false, 'one-shot': true });
    return stats.cpu_stats.cpu_usage.total_usage;
  };
  const state = async (id: string) => (await daemon.docker.getContainer(id).inspect()).State;
  const record = (...words: readonly string[]) =>
    ocibench(['capacity', 'record', ...words], place.path, { DOCKER_HOST: daemon.host });
  /** A program of this host in the container's network, which only it has. */
  const inNetwork = async (id: string, ...words: readonly string[]) =>
    execa('nsenter', ['--target', String((await state(id)).Pid), '--net', ...words]);

  beforeAll(async () => {
    place = await workplace();
    const runsc = { path: '/usr/bin/runsc', runtimeArgs: ['--network=none'] };
    daemon = await startOtherDaemon({ runtimes: { runsc } });
    foreign = foreignContainers(daemon.docker, place.path);
    await foreign.start('idle');
    // Holds memory, and takes all of the CPU that it is given.
    const script = `i=0; while [ $i -lt ${heldBytes / 4096} ]; do printf '%4096s' x; i=$((i+1)); done >/held/x; while :; do :; done`;
    web = await start('web', script, { NanoCpus: cpus * 1e9 });
    // A cable to the other container, whose ends know each other: nothing but what is sent goes through it.
    const [idle = ''] = (await foreign.running()).filter((id) => id !== web);
    peer = idle;
    const pid = String((await state(peer)).Pid);
    await inNetwork(web, 'ip', 'link', 'add', 'w0', 'type', 'veth', 'peer', 'name', 'p0', 'netns', pid);
    for (const [id, link, own, other] of [
      [web, 'w0', 1, 2],
      [peer, 'p0', 2, 1],
    ] as const) {
      const address = (last: number) => `02:00:00:00:00:0${last}`;
      await inNetwork(id, 'ip', 'link', 'set', link, 'address', address(own), 'up');
      await inNetwork(id, 'ip', 'address', 'add', `192.0.2.${own}/24`, 'dev', link);
      const neighbour = ['neighbour', 'add', `192.0.2.${other}`, 'lladdr', address(other), 'dev', link];
      await inNetwork(id, 'ip', ...neighbour);
    }
  }, 300_000);
  afterAll(async () => {
    await foreign.removeAll();
    await daemon.stop();
    await place.remove();
  }, 120_000);

  test('its CPU, memory, network and I/O are recorded while it runs, and it runs on as it was', async () => {
    const before = await state(web);
    // It holds its memory before the recording begins.
    const held = async () =>
      Number((await execa('stat', ['-c', '%s', `/proc/${before.Pid}/root/held/x`])).stdout);
    while ((await held()) < heldBytes) await sleep(100);
    const cpuBefore = await cpuNs(web);
    const recording = record('--json', '--container', 'web', '--for', '10m');
    await untilSaid(recording, 'web: recording for 600 s');
    const cpuBegun = await cpuNs(web);
    const send = (to: string, packets: number) =>
      `for i in {1..${packets}}; do printf '%${payloadBytes}s' x >/dev/udp/192.0.2.${to}/9; done`;
    await inNetwork(web, 'bash', '-c', send('2', sent));
    await inNetwork(peer, 'bash', '-c', send('1', received));
    const exec = await daemon.docker.getContainer(web).exec({
      Cmd: [
        '/bin/dd',
        'if=/dev/zero',
        'of=/disk/x',
        'bs=1M',
        `count=${writtenBytes / mebibyte}`,
        'oflag=direct',
      ],
    });
    await exec.start({ Detach: true });
    while ((await exec.inspect()).Running) await sleep(100);
    const cpuDone = await cpuNs(web);
    recording.kill('SIGINT');
    const found = recordingOf(await recording, 130);
    const cpuAfter = await cpuNs(web);
    expect(found.target).toMatchObject({ kind: 'container', name: 'web', runtime: 'runc' });
    expect(found.target.cgroup).toContain(web);
    expect(found.endedBy).toBe('interrupt');
    // The engine reads the same counter, before and after each end of the window; in whole microseconds on v2.
    expect(figureOf(found, 'cpu.usage')).toBeGreaterThanOrEqual(cpuDone - cpuBegun - 2000);
    expect(figureOf(found, 'cpu.usage')).toBeLessThanOrEqual(cpuAfter - cpuBefore + 2000);
    expect(figureOf(found, 'memory.shmem')).toBeGreaterThanOrEqual(heldBytes);
    expect(figureOf(found, 'memory.shmem')).toBeLessThan(heldBytes * 1.05);
    expect(figureOf(found, 'memory.current')).toBeGreaterThanOrEqual(heldBytes);
    // A few of its own, such as those by which IPv6 looks for neighbours; 42 bytes of headers.
    for (const [way, packets] of [
      ['tx', sent],
      ['rx', received],
    ] as const) {
      expect(figureOf(found, `network.${way}_packets`), way).toBeGreaterThanOrEqual(packets);
      expect(figureOf(found, `network.${way}_packets`), way).toBeLessThan(packets + 40);
      expect(figureOf(found, `network.${way}_bytes`), way).toBeGreaterThanOrEqual(
        packets * (payloadBytes + 42),
      );
    }
    const written = found.figures['io.write_bytes'];
    // A kernel that counts no input and output of any cgroup says so.
    if (written !== undefined && 'absent' in written) expect(written.absent).toContain('does not count here');
    else {
      expect(figureOf(found, 'io.write_bytes')).toBeGreaterThanOrEqual(writtenBytes);
      expect(figureOf(found, 'io.write_bytes')).toBeLessThan(writtenBytes * 1.2);
    }
    expect(await state(web)).toEqual(before);
  });

  test('by its cgroup the same, and nothing of others; each recording has a directory of its own', async () => {
    const cpuOf = async (id: string) => {
      const found = recordingOf(await record('--json', '--cgroup', `/other-docker/${id}`, '--for', '2s'));
      expect(found.endedBy).toBe('time');
      expect(found.windowNs / 1e9).toBeGreaterThanOrEqual(2);
      return figureOf(found, 'cpu.usage') / found.windowNs;
    };
    const [busy, idle] = [await cpuOf(web), await cpuOf(peer)];
    expect(idle).toBeLessThan(0.01);
    expect(busy).toBeGreaterThan(20 * idle);
    const names = await readdir(join(place.path, 'results'));
    expect(names.filter((name) => name.startsWith('recording-'))).toHaveLength(3);
  });

  test('a table says it, and what to write into services.yaml', async () => {
    const { exitCode, stdout, stderr } = await record('--container', 'web', '--for', '1s');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/CPU time .* CPUs/);
    expect(stdout).toMatch(/in services\.yaml: {2}recording: .*\/results\/recording-.*\/recording\.json/);
  });

  test('one that ends meanwhile is recorded until then', async () => {
    const id = await start('short', 'sleep 6');
    const found = recordingOf(await record('--json', '--container', id, '--for', '5m'));
    expect(found.endedBy).toBe('exit');
    expect(found.windowNs / 1e9).toBeLessThan(60);
    expect(found.figures['cpu.usage']).toHaveProperty('value');
  });

  test('one in the network of the host has no figures of it, and says why', async () => {
    const id = await start('host', 'sleep 600', { NetworkMode: 'host' });
    const found = recordingOf(await record('--json', '--container', id, '--for', '1s'));
    expect(found.figures['network.rx_bytes']).toMatchObject({
      absent: expect.stringContaining('it shares the network of the host'),
    });
  });

  test('under gVisor it is refused: what its sandbox takes is no figure of the service', async () => {
    const id = await start('sandboxed', 'sleep 600', { Runtime: 'runsc' });
    for (const words of [
      ['--container', id],
      ['--cgroup', `/other-docker/${id}`],
    ]) {
      const { exitCode, stderr } = await record(...words);
      expect(exitCode, stderr).toBe(2);
      expect(stderr).toContain('a kernel of its own');
      expect(stderr).toContain('start the same service under runc or crun');
    }
  });

  test.each([
    [['--container', 'nobody'], 'there is no container nobody'],
    [['--container', '../../etc'], 'is not a valid container name'],
    [['--cgroup', '/no/such'], 'there is no cgroup /no/such'],
    [['--cgroup', '/'], 'the root cgroup is the whole machine'],
    [[], 'name one:  --container NAME  or  --cgroup PATH'],
  ])('%j is refused with exit 2', async (words, said) => {
    const { exitCode, stdout, stderr } = await record(...words);
    expect(exitCode, stdout).toBe(2);
    expect(stderr).toContain(said);
  });
});
