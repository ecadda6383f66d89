import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../../../../src/core/model/trial/trial.ts';
import { capacityPlanSchema } from '../../../../../src/features/capacity/plan/capacity-plan.ts';
import type { KneeCause } from '../../../../../src/features/sandbox/density/knee.ts';
import { plannedTrials } from '../../../../support/planned-trials.ts';
import { cell, output, runSubject, trialRecord } from '../../../../support/records.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { knownRun } from '../../overhead/known-run.ts';
import { crowdRun } from '../../plan/made-crowd.ts';

async function store(
  results: string,
  run: Pick<RunRecord, 'runId'>,
  trials: readonly TrialRecord[],
): Promise<void> {
  const path = join(results, run.runId);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(run));
  await writeFile(join(path, 'schedule.jsonl'), '');
  await writeFile(join(path, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
}

/** A world with a stored run whose overheads are known, perhaps a second one, and a file of services. */
async function worldWith(
  yaml: string,
  change: (run: RunRecord) => object = (run) => run,
  beside?: ReturnType<typeof crowdRun>,
  more: readonly TrialRecord[] = [],
): Promise<{ readonly world: ScriptedWorld; readonly runId: string }> {
  const world = await ScriptedWorld.open();
  const { run, trials } = knownRun();
  const results = join(world.path, 'results');
  const changed = { ...run, ...change(run) };
  await store(results, changed, plannedTrials(changed, [...trials, ...more]));
  if (beside !== undefined) await store(results, beside.run, beside.trials);
  await writeFile(join(world.path, 'services.yaml'), yaml);
  return { world, runId: run.runId };
}

const example = await readFile(join(import.meta.dirname, '../../../../../examples/services.yaml'), 'utf8');

const one = (service: string, rest = '') => `
services:
  - name: web
    replicas: 10
    cpu: { usage: 490m, request: 500m, ratio: { runsc: 2 } }
    memory: { usage: 512Mi, request: 256Mi }
    slo: { utilisation: 50% }
${service}
hosts:
  - { name: small, cpus: 4, memory: 8Gi, reserved: { memory: 1Gi } }
runtimes: [runc, runsc]
${rest}`;

async function planned(yaml: string, ...more: readonly string[]) {
  return plannedFrom((run) => run, yaml, ...more);
}

async function plannedFrom(change: (run: RunRecord) => object, yaml: string, ...more: readonly string[]) {
  return plannedIn(await worldWith(yaml, change), ...more);
}

async function plannedIn(
  { world, runId }: Awaited<ReturnType<typeof worldWith>>,
  ...more: readonly string[]
) {
  await using _ = world;
  const { exitCode, stdout, stderr } = await world.command([
    'capacity',
    'plan',
    'services.yaml',
    '--from',
    runId,
    '--json',
    '--seed',
    '1',
    '--draws',
    '50',
    ...more,
  ]);
  if (stdout === '') throw new Error(stderr);
  return { exitCode, stderr, plan: capacityPlanSchema.parse(JSON.parse(stdout)) };
}

test('the example is planned: a table, JSON of its schema, and a page without scripts', async () => {
  const { world, runId } = await worldWith(example);
  await using _ = world;
  const asked = ['capacity', 'plan', 'services.yaml', '--from', runId, '--seed', '1', '--draws', '50'];
  const table = await world.command(asked);
  expect(table.exitCode, table.stderr).toBe(0);
  expect(table.stdout).toContain('Under runc, the 4 services need');
  expect(table.stdout).toMatch(/With at most\s10% more hosts, \d\s+of 4 can move to runsc\./);
  const json = await world.command([...asked, '--json']);
  const plan = capacityPlanSchema.parse(JSON.parse(json.stdout));
  expect(plan.runtimes.map(({ runtime }) => runtime)).toEqual(['runc', 'runsc']);
  expect(plan.frontiers[0]?.cannot).toEqual(['metrics-agent']);
  const page = await world.command([...asked, '--html', 'plan.html', '--lang', 'fr']);
  expect(page.exitCode, page.stderr).toBe(0);
  const html = await readFile(join(world.path, 'plan.html'), 'utf8');
  expect(html).toContain('<html lang="fr"');
  expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'");
  expect(html).not.toContain('<script');
});

test('a runtime whose guests were emulated is refused, even where the file says what CPU time it takes', async () => {
  const vm = { comm: 'qemu-system-x86', inCgroup: true, emulation: 'QEMU TCG' };
  const emulated = (run: RunRecord) => ({
    ...run,
    runtimes: run.runtimes.map((each) => (each.entry.name === 'runsc' ? { ...each, vm } : each)),
  });
  const { plan, exitCode } = await plannedFrom(emulated, one(''));
  expect(exitCode).toBe(1);
  const [runc, runsc] = plan.services[0]?.runtimes ?? [];
  expect(runc?.refusals).toEqual([]);
  expect(runsc?.refusals[0]?.reason).toContain('the processor of its guests was emulated (QEMU TCG)');
  expect(plan.runtimes[1]).toMatchObject({ runtime: 'runsc', refused: ['web'], best: null });
});

test('the same seed gives the same plan, another one another', async () => {
  const [a, b] = [await planned(example), await planned(example)];
  expect(a.plan).toEqual(b.plan);
});

test('counts what is requested and what is used apart', async () => {
  const { plan } = await planned(one(''));
  const [runc, runsc] = plan.runtimes.map(({ options }) => options[0]);
  // 0.49 CPUs at 50 % of 4: one replica takes a quarter of a host.
  expect(runc).toMatchObject({ byRequests: 2, byUsage: { value: 3 }, needed: { value: 3 }, lowerBound: 3 });
  expect(runc?.binding[0]?.resource).toBe('cpu.usage');
  // Twice the CPU time, and 0.0021 of a sandbox at rest: two on a host.
  expect(runsc?.needed?.value).toBe(5);
  expect(plan.services[0]?.runtimes.map(({ alone }) => alone[0]?.byUsage?.value)).toEqual([4, 2]);
});

test('what is requested is enough to plan with, and is said', async () => {
  const { plan, exitCode } = await planned(`
services:
  - { name: web, replicas: 8, cpu: { request: 1 }, memory: { request: 1Gi } }
hosts: [{ name: small, cpus: 4, memory: 8Gi }]
runtimes: [runc]
`);
  expect(exitCode).toBe(0);
  expect(plan.services[0]).toMatchObject({ cpuFrom: 'request', memoryFrom: 'request' });
  expect(plan.notes.map(({ note }) => note).join(' ')).toContain('web: its CPU use is unknown');
  expect(plan.frontiers).toEqual([]);
});

test('a memory limit that the sandbox does not fit into is said', async () => {
  const { plan } = await planned(one('').replace('request: 256Mi', 'request: 256Mi, limit: 520Mi'));
  const notes = plan.notes.map(({ note }) => note).filter((note) => note.includes('memory limit'));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toContain('web: its memory limit of 520.0 MiB is too small under runsc');
});

test('too few hosts of a type are no plan, unless others can be had beside them', async () => {
  const few = one('').replace('reserved: { memory: 1Gi }', 'count: 2');
  const alone = await planned(few);
  expect(alone.exitCode).toBe(1);
  expect(alone.plan.runtimes[0]?.options[0]?.reason).toBe('3 hosts are needed, and only 2 are available');
  const both = await planned(
    few.replace('runtimes:', '  - { name: other, cpus: 4, memory: 8Gi, count: 20, price: 9 }\nruntimes:'),
  );
  expect(both.exitCode).toBe(0);
  const mixed = await planned(
    few.replace('runtimes:', '  - { name: other, cpus: 4, memory: 8Gi, count: 4 }\nruntimes:'),
  );
  expect(mixed.exitCode, mixed.stderr).toBe(0);
  const runsc = mixed.plan.runtimes.find(({ runtime }) => runtime === 'runsc');
  expect(runsc?.options[runsc.best ?? 0]?.hosts.map(({ hosts }) => hosts).toSorted()).toEqual([2, 3]);
});

test('a service that cannot keep its promise under a runtime is refused there, with the reason', async () => {
  const { plan, exitCode } = await planned(
    one('').replace('utilisation: 50%', 'response: 50ms, percentile: 99%, alone: 8ms'),
  );
  expect(exitCode).toBe(1);
  const [runc, runsc] = plan.services[0]?.runtimes ?? [];
  expect(runc?.utilisation).toBeCloseTo(1 - (Math.log(100) * 8) / 50, 4);
  expect(runsc?.refusals[0]?.reason).toContain('take longer than 50 ms');
  expect(plan.runtimes[1]).toMatchObject({ refused: ['web'], best: null });
});

test('what starts at once is held against what is free', async () => {
  const storm = (within: string) => one(`    storm: { replicas: 10, within: ${within} }`);
  const { plan } = await planned(storm('1s'));
  // 10 × 420 ms in a second.
  expect(plan.runtimes[1]?.options[0]?.storms[0]?.cpus.estimate).toBeCloseTo(4.2, 0);
  // 10 × 180 ms in 50 ms, and 12 CPUs of which 5 are in use.
  const { plan: sudden } = await planned(storm('50ms'));
  expect(sudden.runtimes[0]?.options[0]?.storms[0]).toMatchObject({ fits: false });
});

test('Kata is computed where it is asked for, and says so', async () => {
  const { plan } = await planned(one('').replace('runsc: 2', 'runsc: 2, kata: 1.3'), '--runtimes', 'kata');
  expect(plan.runtimes.map(({ runtime, overhead }) => [runtime, overhead])).toEqual([
    ['runc', 'measured'],
    ['kata', 'computed'],
  ]);
  expect(plan.notes.map(({ note }) => note).join(' ')).toContain('kata: its overhead is computed');
});

describe('a run of sandboxes side by side, beside the run that a plan takes', () => {
  const { run } = knownRun();
  const mib = 2 ** 20;
  const idle = one('').replace('usage: 490m', 'usage: 10m').replace('usage: 512Mi', 'usage: 20Mi');
  const small = idle.replace('request: 500m', 'request: 1m').replace('request: 256Mi', 'request: 1Mi');
  const runsc = ({ plan }: Awaited<ReturnType<typeof planned>>) =>
    plan.services[0]?.runtimes.find(({ runtime }) => runtime === 'runsc');
  const notes = ({ plan }: Awaited<ReturnType<typeof planned>>) =>
    plan.notes.map(({ note }) => note).join('\n');

  test('gives what one more takes, where that is more than one alone', async () => {
    const without = await planned(small);
    // Alone: 38.5 MiB and 0.0021 CPUs; beside others 45 MiB beyond runc's, whose shim takes 4 MiB.
    const crowd = crowdRun(run, { runc: { mib: 5, cpus: 0.0001 }, runsc: { mib: 50, cpus: 0.02 } });
    const found = await plannedIn(await worldWith(small, undefined, crowd));
    const [before, now] = [runsc(without), runsc(found)];
    expect((now?.memoryBytes?.estimate ?? 0) - (before?.memoryBytes?.estimate ?? 0)).toBeCloseTo(
      10.5 * mib,
      -6,
    );
    expect((now?.cpus?.estimate ?? 0) - (before?.cpus?.estimate ?? 0)).toBeCloseTo(0.0208 - 0.0021, 4);
    // What the scheduler reserves is by the runtime class.
    expect(now?.requestBytes).toBe(before?.requestBytes);
    expect(notes(found)).toMatch(
      /runsc: beside others, an idle sandbox uses 2\.08% \[2\.04%, 2\.12%] of a CPU, and alone 0\.21%/,
    );
    expect(notes(found)).toMatch(
      /runsc: beside others, an idle sandbox adds 48\.9 MiB \[.*] of memory, and alone 38\.4 MiB/,
    );
    expect(notes(found)).toContain(`sandboxes side by side: from run ${crowd.run.runId}`);
    expect(found.plan.services[0]?.runtimes[0]).toEqual(without.plan.services[0]?.runtimes[0]);
  });

  test('changes no ratio of a workload, which ran alone', async () => {
    const trials = Array.from({ length: 7 }, (_, at) => at + 1).flatMap((block) =>
      (['runc', 'runsc'] as const).map((runtime) =>
        trialRecord({
          cell: cell(runtime, 'memory/fault'),
          block,
          output: output('round 1000000 1000000 1000000\n'.repeat(7)),
          window: {
            source: 'stamps',
            containerNs: 1e9,
            hostNs: 1e9,
            uncertaintyNs: 0,
            engineCpuNs: 0,
            cpuNs: runtime === 'runc' ? 5e7 : 1e8,
          },
        }),
      ),
    );
    const like = small
      .replace('ratio: { runsc: 2 }', '')
      .replace('replicas: 10', 'replicas: 10\n    workload: memory/fault');
    const withFault = (known: RunRecord) => ({
      ...known,
      subjects: [...known.subjects, runSubject('memory/fault')],
    });
    const crowd = crowdRun(run, { runc: { mib: 5, cpus: 0.0001 }, runsc: { mib: 50, cpus: 0.02 } });
    const found = await Promise.all(
      [undefined, crowd].map(async (each) => plannedIn(await worldWith(like, withFault, each, trials))),
    );
    for (const each of found) {
      expect(runsc(each)).toMatchObject({ ratioFrom: 'measured' });
      // Twice the CPU time, of which 0.0021 of 0.1 CPUs are an idle sandbox's.
      expect(runsc(each)?.ratio?.estimate).toBeCloseTo(2 * (1 - 0.021), 3);
    }
  });

  test('takes nothing away, and nothing from too few blocks', async () => {
    const without = await planned(small);
    for (const [crowd, blocks] of [
      [{ mib: 9, cpus: 0.0001 }, 7],
      [{ mib: 90, cpus: 0.9 }, 5],
    ] as const) {
      const beside = crowdRun(run, { runc: { mib: 5, cpus: 0.0001 }, runsc: crowd }, { 8: blocks });
      expect(runsc(await plannedIn(await worldWith(small, undefined, beside)))).toEqual(runsc(without));
    }
  });

  const ended = (cause: KneeCause) =>
    crowdRun(
      run,
      { runc: { mib: 5, cpus: 0.0001 }, runsc: { mib: 9, cpus: 0.0001, knee: { cause, fit: 16 } } },
      { 8: 7, 256: 2 },
    );
  const many = small.replace('replicas: 10', 'replicas: 100');

  test('bounds the sandboxes of a host by the knee, which is said with its cause', async () => {
    const { cpus } = run.host;
    const found = await plannedIn(await worldWith(many, undefined, ended('cpu')));
    const most = Math.floor((16 * 4) / cpus);
    expect(runsc(found)?.alone[0]).toMatchObject({ byUsage: { value: most, low: most, high: most } });
    expect(found.plan.runtimes[1]?.options[0]).toMatchObject({
      needed: { value: Math.ceil(100 / most) },
      binding: [{ resource: 'sandboxes' }],
    });
    expect(notes(found)).toContain(
      `runsc: 16 idle sandboxes ran side by side on a host of ${cpus} CPUs, then a limit was met (CPU: tasks waited for it)`,
    );
    expect(found.plan.runtimes[0]?.options[0]?.needed?.value).toBeLessThan(3);
    const threads = await plannedIn(await worldWith(many, undefined, ended('threads')));
    expect(runsc(threads)?.alone[0]?.byUsage?.value).toBe(16);
  });

  test.each(['end', 'time'] as const)('has no bound where the test itself ended: %s', async (cause) => {
    const found = await plannedIn(await worldWith(many, undefined, ended(cause)));
    expect(found.plan.runtimes[1]?.options[0]?.binding[0]?.resource).not.toBe('sandboxes');
    expect(notes(found)).not.toContain('side by side on a host');
  });

  test('says which trials failed', async () => {
    const runscCrowd = { mib: 50, cpus: 0.02, failed: 3 };
    const crowd = crowdRun(run, { runc: { mib: 5, cpus: 0.0001 }, runsc: runscCrowd });
    const found = await plannedIn(await worldWith(small, undefined, crowd));
    expect(notes(found)).toContain('runsc: 3 of 7 trials of density/idle failed');
    expect(runsc(found)).toEqual(runsc(await planned(small)));
  });

  test('of another machine is left out', async () => {
    const crowd = crowdRun(
      { ...run, host: { ...run.host, cpus: run.host.cpus * 2, memoryBytes: 2 * run.host.memoryBytes } },
      { runc: { mib: 5, cpus: 0.0001 }, runsc: { mib: 50, cpus: 0.02 } },
    );
    expect(runsc(await plannedIn(await worldWith(small, undefined, crowd)))).toEqual(
      runsc(await planned(small)),
    );
  });
});

test('a budget of more lets more move', async () => {
  const moves = async (budget: string) => (await planned(example, '--budget', budget)).plan.frontiers[0];
  const [none, all] = [await moves('0%'), await moves('500%')];
  expect(all?.moves).toHaveLength(3);
  expect(all?.stays).toEqual([]);
  expect(none?.moves.length).toBeLessThan(3);
  expect(none?.allowed).toBe(none?.before.value);
  const hosts = [...(all?.moves ?? [])].map((step) => step.hosts.value);
  expect(hosts).toEqual(hosts.toSorted((a, b) => a - b));
});

describe('bad input is refused with every problem at once, and exit 2', () => {
  async function refused(yaml: string, ...more: readonly string[]): Promise<string> {
    const { world, runId } = await worldWith(yaml);
    await using _ = world;
    const asked = ['capacity', 'plan', 'services.yaml', '--from', runId, ...more];
    const { exitCode, stdout, stderr } = await world.command(asked);
    expect(exitCode, stderr).toBe(2);
    expect(stdout).toBe('');
    return stderr;
  }

  test('shape', async () => {
    const said = await refused(`
services:
  - { name: Web, replicas: 0, cpu: { usage: fast, requests: 1 }, memory: { usage: 1Gi, request: lots } }
  - { name: b, replicas: 1, cpu: { usage: 1, request: 2, limit: 1 }, memory: { usage: [2Gi, 1Gi, 3Gi] }, storm: { replicas: 2, within: soon } }
  - { name: b, replicas: 1.5, slo: { utilisation: 140% }, workload: nginx }
hosts:
  - { name: small, cpus: 4, memory: 8Gi, reserved: { cpus: 4 }, prize: 3 }
runtime: [runc]
`);
    for (const part of [
      'services.0.name: must be lowercase letters',
      'services.0.replicas: must be a whole number from 1 to 100000',
      "services.0.cpu.usage: must be CPUs, such as 0.25 or '250m', or [low, estimate, high]",
      "services.0.cpu.requests: must be absent: unknown key\n  fix: did you mean 'request'?",
      'services.0.memory.request: must be a size',
      'services.1.memory.usage: must be a size',
      'services.1.storm.within: must be a duration',
      'services.2.replicas: must be a whole number',
      'services.2.slo',
      'services.2.workload: must be the name of a workload',
      "hosts.0.prize: must be absent: unknown key\n  fix: did you mean 'price'?",
      "runtime: must be absent: unknown key\n  fix: did you mean 'runtimes'?",
    ])
      expect(said).toContain(part);
  });

  test('limits, storms and reserves that cannot be', async () => {
    const said = await refused(`
services:
  - { name: a, replicas: 1, cpu: { usage: 1, request: 2, limit: 1 }, memory: { usage: 1Gi }, storm: { replicas: 2, within: 1s } }
  - { name: a, replicas: 1, cpu: { usage: 1 }, memory: { usage: 1Gi } }
hosts: [{ name: small, cpus: 4, memory: 8Gi, reserved: { cpus: 4 } }]
`);
    for (const part of [
      'services.0.cpu.limit: must not be below the request',
      'services.0.storm.replicas: must not exceed the number of replicas: 1',
      'hosts.0.reserved.cpus: must be less than the host has',
    ])
      expect(said).toContain(part);
  });

  test('runtimes, requests, workloads and recordings that the run does not have', async () => {
    const said = await refused(
      one(`  - name: big
    replicas: 1
    cpu: { usage: 1, request: 5, ratio: { runscc: 2 } }
    memory: { usage: 1Gi, request: 9Gi }
  - { name: other, replicas: 1, recording: missing.json }`).replace(
        '[runc, runsc]',
        '[runc, youki]\ntoday: rnuc',
      ),
      '--runtimes',
      'gvisor',
    );
    for (const part of [
      "services.1.cpu.ratio.runscc: run 20250101-000000-ab12 has no runtime 'runscc'\n  fix: did you mean 'runsc'?",
      "runtimes.1: run 20250101-000000-ab12 has no runtime 'youki'\n",
      "today: run 20250101-000000-ab12 has no runtime 'rnuc'\n  fix: did you mean 'runc'?",
      '--runtimes: run 20250101-000000-ab12 has no runtime',
      'services.1.cpu.request: is more than any host has free (4000m)',
      'services.1.memory.request: is more than any host has free (7168Mi)',
      'missing.json: no such recording',
    ])
      expect(said).toContain(part);
  });

  test('what nobody says: use, cost under a runtime, a workload of the run', async () => {
    const said = await refused(
      one(`  - { name: a, replicas: 1 }
  - { name: b, replicas: 1, cpu: { usage: 1 }, memory: { usage: 1Gi } }
  - { name: c, replicas: 1, cpu: { usage: 1 }, memory: { usage: 1Gi }, workload: app/nginx }
  - { name: d, replicas: 1, cpu: { usage: 1 }, memory: { usage: 1Gi }, workload: memory/sized }
  - { name: e, replicas: 1, cpu: { usage: 1 }, memory: { usage: 1Gi }, runtimes: [runsc], workload: startup/echo }`),
    );
    for (const part of [
      'services.1: its native use is unknown\n  fix: add cpu.usage and memory.usage, or a recording',
      'services.2.cpu.ratio: its CPU time under runsc is unknown',
      'services.3.workload: run 20250101-000000-ab12 did not measure app/nginx',
      'services.4.params: run 20250101-000000-ab12 measured memory/sized with several parameters',
      'services.5.runtimes: does not include runc, under which the services run today',
    ])
      expect(said).toContain(part);
  });

  test('a run without the workloads that a plan needs', async () => {
    const { world, runId } = await worldWith(one(''), (run) => ({
      ...run,
      subjects: run.subjects.filter(({ workload }) => !/startup|at-rest/.test(workload)),
    }));
    await using _ = world;
    const { exitCode, stderr } = await world.command(['capacity', 'plan', 'services.yaml', '--from', runId]);
    expect(exitCode).toBe(2);
    const said = stderr.split('\n').filter((line) => line.endsWith(': not measured'));
    expect(said).toEqual([expect.stringContaining('20250101-000000-ab12: ')]);
    for (const workload of ['startup/density', 'startup/echo', 'cpu/at-rest'])
      expect(said[0]).toContain(workload);
    expect(stderr.split('ocibench capacity measure')).toHaveLength(2);
  });

  test('shape, meaning, run and recordings in one round', async () => {
    const said = await refused(`
services:
  - { name: a, replicas: 1, cpu: { usage: 1 }, memory: { usage: 1Gi } }
  - { replicas: 2, cpu: { request: 2, limit: 1 }, storm: { replicas: 3, within: 1s } }
  - { name: a, replicas: many, cpu: { usage: 1, ratio: { runsc: 2 } }, memory: { usage: 1Gi } }
  - { name: d, replicas: 1, recording: missing.json }
  - { name: e, replicas: 1, cpu: { usage: 1, request: 99 }, memory: { usage: 1Gi }, workload: app/nginx }
hosts: [{ name: small, cpus: 4, memory: 8Gi }, { name: broken, cpus: none, memory: 8Gi }]
runtimes: [runc, runsc, rnuc]
`);
    for (const part of [
      'services.0.cpu.ratio, services.3.cpu.ratio: its CPU time under runsc is unknown',
      'services.1.name: is missing: it must be lowercase letters, digits and dashes, 63 at most\n  fix: add it',
      'services.1.cpu.limit: must not be below the request',
      'services.1.storm.replicas: must not exceed the number of replicas: 2',
      'services.2.replicas: must be a whole number',
      'services.2.name: must be a unique name, but is the string "a"',
      'missing.json: no such recording',
      'services.4.workload: run 20250101-000000-ab12 did not measure app/nginx',
      'services.4.cpu.request: is more than any host has free (4000m)',
      'hosts.1.cpus: must be CPUs',
      "runtimes.2: run 20250101-000000-ab12 has no runtime 'rnuc'",
    ])
      expect(said).toContain(part);
  });

  test('a file that is no plan at all', async () => {
    for (const yaml of ['[]', 'services: 5', 'services: [1]\nhosts: {}', 'null', '3'])
      expect(await refused(yaml)).toContain('must be');
  });

  test('flags', async () => {
    const said = await refused(one(''), '--budget', 'some', '--draws', '3', '--seed', '-1');
    for (const flag of ['--budget', '--draws', '--seed']) expect(said).toContain(`${flag}: must be`);
  });

  test('a file that is not there', async () => {
    const { world } = await worldWith(one(''));
    await using _ = world;
    const { exitCode, stderr } = await world.command(['capacity', 'plan', 'none.yaml']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('none.yaml: does not exist');
  });
});
