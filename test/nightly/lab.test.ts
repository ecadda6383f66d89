import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calibrationPrefix } from '../../src/core/store/run-ids.ts';
import { calibrationSchema } from '../../src/features/proof/calibrate/calibration.ts';
import { listFailures } from '../e2e/latest-run.ts';
import { ocibench, readCsv, workplace } from '../e2e/support.ts';
import { canBootLab, type LabRun, loadRuns, tellLeftovers } from './lab-support.ts';

/** Building, booting and measuring under emulation: minutes on a quiet machine, several times as long beside other programs. */
const limit = 90 * 60_000;

/** Engine → the runtimes that are measured under it. */
const all = ['runc', 'crun', 'runsc', 'runsc-ptrace'];
const measured = { docker: all, embedded: all };
const figures = [
  'cpu.usage',
  'cpu.user',
  'cpu.system',
  'memory.peak',
  'pids.peak',
  'io.read_bytes',
  'io.write_bytes',
  'io.read_ops',
  'io.write_ops',
  ...['cpu', 'memory', 'io'].map((resource) => `pressure.${resource}.some`),
];

/** The split of memory.stat, read while the container runs. */
const memorySplit = ['memory.anon', 'memory.file', 'memory.shmem', 'memory.kernel'];

/** What v1 often does not count; the other amounts are checked by `calibrate.test.ts`. */
const checks = ['write'];

/** Layers beside the engine, with cgroups of their own below a trial's. */
const layers = ['oci', 'containerd'];

/**
 * Measures at the layers and under both engines in one guest, each run with its label, then calibrates where there is time; the
 * exit code is the last that was not 0.
 */
const script = `
ocibench run --engine embedded --set labels.engine=layers --layers ${layers.join(',')} --runtimes runc --workloads startup/echo \\
  --blocks 1..1 --max-time 15m --set report=false || code=$?
measure() {
  ocibench run --engine "$@" --workloads startup/echo,memory/idle --blocks 1..1 --max-time 15m || code=$?
}
measure docker --set labels.engine=docker
measure embedded --set labels.engine=embedded
ocibench doctor calibrate --engine embedded --runtimes runc,runsc --checks ${checks.join(',')} --blocks 6..6 || code=$?
${tellLeftovers}
exit \${code-0}`;

/** What is there of the guest of one `ocibench lab`: its directory in the cache, the pid of its QEMU. Others may run beside it. */
async function guestOf(pid: number | undefined): Promise<{ directories: string[]; machines: string[] }> {
  const name = `guest-${pid}-`;
  const lab = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocibench/lab');
  const directories = (await readdir(lab).catch(() => [])).filter((entry) => entry.startsWith(name));
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(
    pids.map((each) => readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => '')),
  );
  const machines = pids.filter((_, at) => {
    const line = lines[at] ?? '';
    return line.startsWith('qemu-system-x86_64') && line.includes(name);
  });
  return { directories, machines };
}

const nothing = { directories: [], machines: [] };

/** Waits until a guest's QEMU is there, or gone. */
async function untilMachines(pid: number | undefined, count: number, limitMs: number): Promise<void> {
  for (const deadline = performance.now() + limitMs; (await guestOf(pid)).machines.length !== count; ) {
    if (performance.now() > deadline) throw new Error(`not ${count} guest after ${limitMs} ms`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

describe.skipIf(!canBootLab)('the lab', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let pid: number | undefined;
  let runs: Readonly<Record<string, LabRun>>;

  beforeAll(async () => {
    place = await workplace();
    const child = ocibench(['lab', 'exec', '--out', place.path, '--', 'bash', '-c', script], place.path);
    pid = child.pid;
    result = await child;
    runs = await loadRuns(place.path, result.stderr);
  }, limit);
  afterAll(() => place.remove());

  test('ends with the exit code of the guest, says how the guest was executed, and leaves nothing', async () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/^accelerator: (kvm|tcg) \(.+\)$/m);
    expect(await guestOf(pid)).toEqual(nothing);
  });

  test("leaves no slice, unit, mount or file of ocibench's in the guest", () => {
    expect(result.stderr).not.toContain('left in the guest');
  });

  test('brings both runs back with reports and charts, the newest as latest', async () => {
    expect(Object.keys(runs).toSorted()).toEqual(['docker', 'embedded', 'layers']);
    for (const { directory, record } of [runs.docker, runs.embedded].filter((run) => run !== undefined)) {
      expect(await readdir(directory)).toEqual(
        expect.arrayContaining(['analysis.json', 'measurements.csv', 'report.html', 'report.md']),
      );
      const charts = await readdir(join(place.path, 'charts', record.runId));
      expect(charts.some((name) => name.endsWith('.png'))).toBe(true);
    }
    expect(await readdir(join(place.path, 'results/latest'))).toContain('run.json');
    // Where the reports are is told as the host sees it.
    expect(result.stdout).toContain(join(place.path, 'results', runs.embedded?.record.runId ?? ''));
  });

  test.each(layers)('accounts for a start at the layer of %s on pure cgroup v2', (layer) => {
    const own = (runs.layers?.trials ?? []).filter(({ cell }) => cell.layer === layer);
    // One of the warm-up, two of the block: the baseline is measured twice.
    expect(own.map(({ outcome }) => outcome)).toEqual(Array(3).fill({ status: 'ok' }));
    for (const { cgroup, engineCpu } of own) {
      expect(cgroup?.source).toBe('v2');
      for (const figure of ['cpu.usage', 'memory.peak', 'pids.peak']) {
        const found = cgroup?.figures[figure];
        expect(found !== undefined && 'value' in found && found.value, figure).toBeGreaterThan(0);
      }
      // What the runtime, or containerd with its shim, took outside of the container.
      expect(engineCpu).toMatchObject({ value: expect.any(Number) });
      expect(engineCpu !== undefined && 'value' in engineCpu && engineCpu.value).toBeGreaterThan(0);
    }
  });

  test('a known amount of bytes written is found on v2, in the cgroups of runc and gVisor', async () => {
    const names = await readdir(join(place.path, 'results'));
    const directory = names.find((name) => name.startsWith(calibrationPrefix)) ?? '';
    const file = await readFile(join(place.path, 'results', directory, 'calibration.json'), 'utf8');
    const calibration = calibrationSchema.parse(JSON.parse(file));
    expect(calibration.engine.cgroupVersion).toBe('2');
    for (const runtime of ['runc', 'runsc'])
      for (const id of checks) {
        const check = calibration.checks.find((each) => each.id === id && each.runtime === runtime);
        expect(check, `${runtime} ${id}`).toMatchObject({ verdict: 'pass', n: 6 });
        process.stdout.write(
          `lab, calibrate, ${runtime}: ${check?.title}: injected ${check?.injected}, measured ${check?.measured} bytes\n`,
        );
      }
  });

  test.each([
    ['docker', 'systemd'],
    ['embedded', 'cgroupfs'],
  ] as const)(
    'measures on pure cgroup v2 through the engine %s with the driver %s',
    async (engine, driver) => {
      const { record, trials, directory } = runs[engine] ?? {};
      expect(record).toMatchObject({
        status: 'complete',
        host: { cgroup: 'v2' },
        engine: { kind: engine, cgroupVersion: '2', cgroupDriver: driver },
      });
      expect(listFailures(trials ?? [])).toEqual([]);
      const rows = await readCsv(join(directory ?? '', 'summary.csv'));
      for (const runtime of measured[engine]) {
        const own = trials?.filter(({ cell }) => cell.runtime === runtime) ?? [];
        expect(own.length).toBeGreaterThanOrEqual(4);
        for (const { cell, cgroup } of own) {
          expect(cgroup?.source).toBe('v2');
          for (const figure of [...figures, ...(cell.workload === 'memory/idle' ? memorySplit : [])])
            expect(cgroup?.figures[figure], `${runtime} ${cell.workload} ${figure}`).toMatchObject({
              value: expect.any(Number),
            });
        }
        const value = (metric: string) => {
          const row = rows.find(
            (r) => r.runtime === runtime && r.workload === 'startup/echo' && r.metric === metric,
          );
          expect(Number(row?.n), `${runtime} ${metric}`).toBe(1);
          return Number(row?.median);
        };
        for (const metric of figures) value(metric);
        expect(value('cpu.usage')).toBeGreaterThan(0);
        expect(value('memory.peak')).toBeGreaterThan(0);
        expect(value('pids.peak')).toBeGreaterThan(0);
        process.stdout.write(
          `lab, ${driver}, ${runtime}: memory.peak ${(value('memory.peak') / 2 ** 20).toFixed(1)} MiB, ` +
            `cpu.stat usage ${(value('cpu.usage') / 1e6).toFixed(1)} ms ` +
            `(user ${(value('cpu.user') / 1e6).toFixed(1)}, system ${(value('cpu.system') / 1e6).toFixed(1)})\n`,
        );
      }
      if (measured[engine] !== all) return;
      const kata = record?.runtimes.find(({ entry }) => entry.name === 'kata');
      expect(kata?.preflight).toMatchObject({ status: 'unavailable', reason: expect.stringMatching(/Kata/) });
    },
  );
});

describe.skipIf(!canBootLab)('a lab that is stopped', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGKILL', undefined],
  ] as const)(
    'by %s leaves no QEMU, and nothing that the next one does not remove',
    async (signal, exitCode) => {
      const place = await workplace();
      try {
        const child = ocibench(['lab', 'exec', '--out', place.path, '--', 'sleep', '9999'], place.path);
        await untilMachines(child.pid, 1, limit / 2);
        const { machines } = await guestOf(child.pid);
        const status = () => readFile(`/proc/${machines[0]}/status`, 'utf8');
        // Nobody's user, no capability, and a filter of system calls.
        await expect.poll(status, { timeout: 30_000 }).toMatch(/^Seccomp:\t2$/m);
        expect(await status()).toMatch(/^Uid:\t(?!0\t)(\d+)\t\1\t\1\t\1$/m);
        expect(await status()).toMatch(/^CapPrm:\t0+$/m);
        expect(await status()).toMatch(/^NoNewPrivs:\t1$/m);
        child.kill(signal);
        expect((await child).exitCode).toBe(exitCode);
        await untilMachines(child.pid, 0, 30_000);
        expect((await guestOf(child.pid)).directories).toHaveLength(signal === 'SIGKILL' ? 1 : 0);
        const next = await ocibench(['lab', 'build'], place.path);
        expect(next.exitCode, next.stderr).toBe(0);
        expect(await guestOf(child.pid)).toEqual(nothing);
      } finally {
        await place.remove();
      }
    },
    limit,
  );
});

test('what cannot be asked of the lab is refused before anything is built', async () => {
  const place = await workplace();
  try {
    for (const [args, word] of [
      [['lab', 'run', '--', '--blocks', 'x'], '--blocks'],
      [['lab', 'run', '--', '--no-such-option'], 'no-such-option'],
      [['lab', 'run', '--memory', '3T'], '--memory'],
      [['lab', 'exec', '--cpus', '0', '--', 'true'], '--cpus'],
      [['lab', 'run', '--daemon-json', 'absent.json'], 'absent.json'],
      [['lab', 'exec'], 'command'],
      [['lab', 'shell'], 'terminal'],
      [['lab', 'build', '--kernel', '6.6'], '6.12, 6.1'],
    ] as const) {
      const refused = await ocibench(args, place.path);
      expect(refused.exitCode, args.join(' ')).toBe(2);
      expect(refused.stderr).toContain(word);
    }
  } finally {
    await place.remove();
  }
});
