import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { mean, median } from 'simple-statistics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trialRecordSchema } from '../../src/core/model/trial/trial.ts';
import { sandboxMemory } from '../../src/features/capacity/overhead/fit-overhead.ts';
import { overheadSchema } from '../../src/features/capacity/overhead/overhead-record.ts';
import { type CapacityPlan, capacityPlanSchema } from '../../src/features/capacity/plan/capacity-plan.ts';
import { usualUtilisation } from '../../src/features/capacity/plan/demand.ts';
import { periodMs } from '../e2e/busy-service.ts';
import { canRun, daemonJson, ocibench, workplace } from '../e2e/support.ts';
import { PackedHost } from './packed-host.ts';

const mebibyte = 2 ** 20;
const runtimes = ['runc', 'runsc'] as const;
type Runtime = (typeof runtimes)[number];

/** What each container of the memory's packing holds. */
const held = { size: '64M', bytes: 64 * mebibyte } as const;
/** Of the host's memory. */
const budgetBytes = 4 * 2 ** 30;
/** Of the budget: if MemAvailable moves by no more beside it, the host is at rest. */
const quietShare = 0.05;
/** Of the CPUs, while services are recorded. On an emptier host they take more CPU time. */
const runningShare = { low: 0.65, high: 0.85 } as const;
/** More of the answers late than this is the knee. */
const lateShare = 0.05;

/** A plan for one host of this machine's size, and this machine really packed. It takes a quarter of an hour, or more where others work. */
describe.skipIf(!canRun)('what a plan says of one host, and what fits on it', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  /** The run that plans for memory are made from. */
  let results: string;

  beforeAll(async () => {
    place = await workplace();
    results = process.env.OCIBENCH_PLAN_RUN ?? (await measured());
  }, 3_000_000);
  afterAll(() => place.remove(), 600_000);

  /** A run on this host. */
  async function measured(): Promise<string> {
    const { exitCode, stderr } = await ocibench(
      [
        'run',
        '--preset',
        'quick',
        '--runtimes',
        runtimes.join(','),
        '--blocks',
        '6..6',
        '--workloads',
        'memory/sized,memory/idle,startup/density,startup/echo,cpu/at-rest',
        '--max-time',
        '40m',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
        '--set',
        'report=false',
        '--set',
        'progress=false',
      ],
      place.path,
    );
    if (exitCode !== 0) throw new Error(stderr);
    return join(place.path, 'results/latest');
  }

  /** This host, to be packed. */
  const openHost = () =>
    PackedHost.open([
      { name: 'runc', path: 'runc', origin: 'built-in' },
      { name: 'runsc', ...daemonJson.runtimes.runsc, origin: 'daemon.json' },
    ]);

  /** How many of a service alone fit on a host, by the plan. */
  async function planned(service: string, ofHost: string): Promise<CapacityPlan> {
    const file = join(place.path, 'services.yaml');
    await writeFile(file, `services:\n  - ${service}\nhosts:\n  - ${ofHost}\nruntimes: [runc, runsc]\n`);
    const { stdout, stderr } = await ocibench(
      ['capacity', 'plan', file, '--from', results, '--json'],
      place.path,
    );
    if (stdout === '') throw new Error(stderr);
    return capacityPlanSchema.parse(JSON.parse(stdout));
  }

  function alone({ services }: CapacityPlan, runtime: Runtime): number {
    return (
      services[0]?.runtimes.find((each) => each.runtime === runtime)?.alone[0]?.byUsage?.value ?? Number.NaN
    );
  }

  /** Within 10 %, or one container where that is more. */
  function expectNear(plan: number, packed: number, what: string): void {
    process.stderr.write(`${what}: planned ${plan}, packed ${packed}\n`);
    expect(Math.abs(plan - packed), `${what}: planned ${plan}, packed ${packed}`).toBeLessThanOrEqual(
      Math.max(1, packed * 0.1),
    );
  }

  /** Memory of the program itself, natively: what a recording of it would say. */
  async function nativeBytes(): Promise<number> {
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).split('\n').filter(Boolean);
    const own = lines
      .map((line) => trialRecordSchema.parse(JSON.parse(line)))
      .filter(
        ({ cell, phase, outcome }) =>
          cell.runtime === 'runc' &&
          cell.workload === 'memory/sized' &&
          cell.params === `size=${held.size}` &&
          phase === 'measure' &&
          outcome.status === 'ok',
      );
    return median(
      own.flatMap((trial) => {
        const memory = sandboxMemory(trial, true);
        return memory === null ? [] : [memory.inside + (memory.kernel ?? 0)];
      }),
    );
  }

  /** CPUs of a sandbox at rest. */
  async function idleCpus(runtime: Runtime): Promise<number> {
    const { stdout } = await ocibench(['capacity', 'overhead', results, '--json'], place.path);
    const { runtimes: all } = overheadSchema.parse(JSON.parse(stdout));
    return all.find((each) => each.runtime === runtime)?.idleCpus?.value ?? Number.NaN;
  }

  test.each(runtimes)(
    'memory: containers under %s until the budget is used up',
    async (runtime) => {
      const bytes = Math.round(await nativeBytes());
      const plan = await planned(
        `{ name: holder, replicas: 10, cpu: { usage: 1m, ratio: { runsc: 1 } }, memory: { usage: ${bytes} }, slo: { utilisation: 99% } }`,
        `{ name: this, cpus: 1000, memory: ${budgetBytes} }`,
      );
      await using host = await openHost();
      const { byCharge, byAvailable, othersBytes } = await host.memoryKnee(runtime, held.bytes, budgetBytes);
      const others = `${Math.round(othersBytes / mebibyte)} MiB elsewhere`;
      process.stderr.write(`${runtime}: ${byAvailable} by MemAvailable, ${others}\n`);
      expectNear(alone(plan, runtime), byCharge, `memory ${runtime}`);
      // Where others work, MemAvailable is theirs too.
      if (Math.abs(othersBytes) < quietShare * budgetBytes)
        expectNear(alone(plan, runtime), byAvailable, `MemAvailable ${runtime}`);
    },
    900_000,
  );

  test.each(runtimes)(
    'CPU: busy services under %s until their answers are late',
    async (runtime) => {
      await using host = await openHost();
      const looks = await host.fillCpus(runtime, lateShare);
      for (const { count, late, ownCpus, othersCpus, stolenCpus } of looks)
        process.stderr.write(
          `${runtime}: ${count} use ${ownCpus.toFixed(2)} CPUs, others ${othersCpus.toFixed(2)}, other guests ${stolenCpus.toFixed(2)}; ${(100 * late).toFixed(1)} % late\n`,
        );
      // As recordings would have it of services where they run, on a host about as full as it is to be. A host that others share
      // becomes faster and slower by the minute, so these are the same minutes.
      const running = looks.filter(({ ownCpus, othersCpus }) => {
        const share = (ownCpus + othersCpus) / cpus().length;
        return runningShare.low <= share && share <= runningShare.high;
      });
      expect(running, 'numbers of services that fill this host by 65 to 85 %').not.toEqual([]);
      const each = mean(running.map(({ ownCpus, count }) => ownCpus / count));
      // The plan adds what a sandbox uses at rest.
      const usage = each - (await idleCpus(runtime));
      const cpu = `{ usage: ${usage.toFixed(6)}, ratio: { runsc: 1 } }`;
      // All of them together are one queue, with the host's CPUs as its servers.
      const service = (slo: string) =>
        `{ name: busy, replicas: 10, cpu: ${cpu}, concurrency: ${cpus().length}, memory: { usage: 32Mi }, slo: ${slo} }`;
      const inTime = `{ response: ${periodMs}ms, percentile: ${100 * (1 - lateShare)}%, alone: ${(usage * periodMs).toFixed(3)}ms }`;
      const free = (others: number) =>
        `{ name: this, cpus: ${cpus().length}, memory: 1000Gi, reserved: { cpus: ${Math.max(0, others).toFixed(3)} } }`;
      const knee = looks.findLast(({ late }) => late <= lateShare);
      // What others use of this host while it is full is not there for the services.
      const others = Math.max(0, knee?.othersCpus ?? 0);
      const usable = usualUtilisation * (cpus().length - others);
      const within = looks.findLast(({ ownCpus }) => ownCpus <= usable);
      const byUse = await planned(service(`{ utilisation: ${100 * usualUtilisation}% }`), free(others));
      expectNear(
        alone(byUse, runtime),
        within?.count ?? 0,
        `CPU ${runtime}, ${100 * usualUtilisation} % used`,
      );
      const byTime = await planned(service(inTime), free(others));
      expectNear(alone(byTime, runtime), knee?.count ?? 0, `CPU ${runtime}, in time`);
    },
    3_600_000,
  );
});
