import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launcher } from '../../packaging/tree.ts';
import { compileCache } from '../support/compile-cache.ts';
import { tracesOf } from './ours.ts';
import { type SlurmCluster, slurmCluster } from './slurm-cluster.ts';
import { canRun, nightly, root, wholeLines } from './support.ts';

const programs = ['slurmctld', 'slurmd', 'sbatch', 'squeue'];
const isThere = (name: string) => ['/usr/sbin', '/usr/bin'].some((path) => existsSync(join(path, name)));

/** As small as a run can be; `blocks` says how long it takes. */
const runOf = (blocks: number) => [
  '--engine',
  'embedded',
  '--runtimes',
  'runc',
  '--workloads',
  'startup/echo',
  '--set',
  'report=false',
  '--blocks',
  `${blocks}..${blocks}`,
  '--set',
  'seed=7',
  '--max-time',
  '9m',
];

/** The runs of a job's attempt. */
async function runsIn(out: string, host: string, attempt: RegExp): Promise<readonly string[]> {
  const names = (await readdir(join(out, host)).catch(() => [])).filter((name) => attempt.test(name));
  const runs = await Promise.all(
    names.map(async (name) => {
      const results = join(out, host, name, 'results');
      const found = await readdir(results).catch(() => []);
      return found.filter((each) => /^\d/.test(each)).map((each) => join(results, each));
    }),
  );
  return runs.flat();
}

const readRun = async (path: string) => JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));

describe.skipIf(!canRun || !programs.every(isThere))('a fleet on a real Slurm', () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await slurmCluster();
  });
  afterEach(async () => {
    if ((await cluster.ask('sinfo', '-h', '-N', '-n', 'n3', '-o', '%T')).includes('drain'))
      await cluster.ask('scontrol', 'update', 'nodename=n3', 'state=resume');
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });

  /** What must happen soon; where it does not, the error says how the cluster stands. */
  async function until<T>(find: () => Promise<T | null | false>, limitMs = 240_000): Promise<T> {
    for (const deadline = performance.now() + limitMs; ; await sleep(100)) {
      const found = await find();
      if (found !== null && found !== false) return found;
      if (performance.now() < deadline) continue;
      const nodes = await cluster.ask('sinfo', '-N', '-o', '%N %T %E').catch(String);
      const jobs = await cluster.ask('squeue', '--states=all', '-o', '%i %j %T %n %r').catch(String);
      throw new Error(`it did not happen: ${find}\n${nodes}\n${jobs}`);
    }
  }

  /** Starts the command on the controller, as from its terminal. */
  function fleet(name: string, ...words: readonly string[]) {
    const pid = join(cluster.place, `${name}.pid`);
    const [file, args] = cluster.control.command(
      'sh',
      '-c',
      'echo $$ >"$0"; exec "$@"',
      pid,
      process.execPath,
      join(root, 'src/cli.ts'),
      'fleet',
      'slurm',
      ...words,
    );
    const started = execa(file, [...args], {
      reject: false,
      stdin: 'ignore',
      timeout: 280_000,
      env: {
        NO_COLOR: '1',
        LC_ALL: 'C.UTF-8',
        SLURM_CONF: join(cluster.place, 'slurm.conf'),
        ...compileCache,
      },
    });
    const signal = async (which: string) =>
      cluster.control.run('kill', `-${which}`, (await readFile(pid, 'utf8')).trim());
    return { started, signal };
  }
  const outOf = (name: string) => join(cluster.place, name);

  test('one run on each of three nodes; the terminal is lost on the way, another goes on', async () => {
    const out = outOf('happy');
    const first = fleet('first', '--partition', 'p', '--out', out, '--', ...runOf(1));
    await until(async () => {
      const text = await readFile(join(out, 'fleet-slurm.json'), 'utf8').catch(
        () => '{"hosts":[{"job":null}]}',
      );
      return JSON.parse(text).hosts.every(({ job }: { readonly job: string | null }) => job !== null);
    });
    await first.signal('HUP');
    const { exitCode, stderr } = await first.started;
    expect(exitCode, stderr).toBe(130);
    expect(stderr).toContain(`fleet slurm --continue ${out}`);
    const second = await fleet('second', '--continue', out).started;
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.stdout).toMatch(/n1: ran\nn2: ran\nn3: ran\nmerge the runs: .* merge /);
    for (const host of ['n1', 'n2', 'n3']) {
      const [run = '', ...more] = await runsIn(out, host, /^job-\d+-0$/);
      expect(more).toEqual([]);
      const record = await readRun(run);
      expect(record).toMatchObject({ status: 'complete', seed: 7, host: { hostname: host } });
      expect(await tracesOf(record.runId, 30_000)).toEqual([]);
    }
    const again = await fleet('again', '--partition', 'p', '--out', out, '--', ...runOf(1)).started;
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('--continue');
  });

  // It is built from hundreds of megabytes, which takes minutes.
  test.skipIf(!nightly)(
    'the Debian package, as an administrator installs it on each node',
    async () => {
      const place = outOf('package');
      const { stdout: said } = await execa(process.execPath, ['packaging/package.ts', 'deb', place], {
        cwd: root,
      });
      const tree = join(place, 'tree');
      await execa('dpkg-deb', ['--extract', said.trim().split('\n').at(-1) ?? '', tree]);
      // Nodes share this host's files: what would be in /usr lies beside it.
      const program = join(place, 'ocibench');
      await writeFile(program, launcher(tree), { mode: 0o755 });
      const out = outOf('packaged');
      const words = ['--partition', 'p', '--program', program, '--out', out, '--', ...runOf(1)];
      const { exitCode, stdout, stderr } = await fleet('packaged', ...words).started;
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toMatch(/n1: ran\nn2: ran\nn3: ran\nmerge the runs: .* merge /);
      for (const host of ['n1', 'n2', 'n3']) {
        const [run = ''] = await runsIn(out, host, /^job-\d+-0$/);
        expect(await readRun(run)).toMatchObject({ status: 'complete', host: { hostname: host } });
      }
      await rm(place, { recursive: true });
    },
    900_000,
  );

  /** What a launch said at its end; one of its hosts has a name that nobody knows. */
  async function endOf({ started }: ReturnType<typeof fleet>, code: number) {
    const { exitCode, stdout, stderr } = await started;
    expect(exitCode, stderr).toBe(code);
    expect(stdout).toContain(
      'n9: did not run: Slurm rejected the job: Batch job submission failed: Invalid node name',
    );
    return { stdout, stderr };
  }

  /** The run of a host's first attempt, once it has recorded so many trials. */
  const measuring = (out: string, host: string, least: number) =>
    until(async () => {
      const [run] = await runsIn(out, host, /^job-\d+-0$/);
      return run !== undefined && (await wholeLines(join(run, 'trials.jsonl'))).length >= least && run;
    });
  const jobOf = async (out: string, host: string): Promise<string> => {
    const { hosts } = JSON.parse(await readFile(join(out, 'fleet-slurm.json'), 'utf8'));
    return hosts.find((each: { readonly host: string }) => each.host === host).job;
  };

  /** A launch on which a node is cut off and comes back. */
  async function cutOne(): Promise<void> {
    const out = outOf('cut');
    const launch = fleet('cut', '--partition', 'p', '--hosts', 'n1,n9', '--out', out, '--', ...runOf(10));
    const run = await measuring(out, 'n1', 4);
    await cluster.cut('n1');
    const before = (await wholeLines(join(run, 'trials.jsonl'))).length;
    expect((await readRun(run)).status).toBe('running');
    // As Slurm does itself where a node has not answered for so long that a busy machine is no reason.
    await cluster.ask('scontrol', 'update', 'nodename=n1', 'state=down', 'reason=cut off');
    await until(async () => /^down/m.test(await cluster.ask('sinfo', '-h', '-n', 'n1', '-o', '%T')));
    await cluster.start('n1');
    const { stdout } = await endOf(launch, 1);
    expect(stdout).toContain('n1: ran');
    const log = await readFile(join(out, 'n1', `job-${await jobOf(out, 'n1')}.log`), 'utf8');
    expect(log).toContain(`attempt 1 on n1 goes on with ${run}`);
    const resumed = await readRun(run);
    expect(resumed.status).toBe('complete');
    expect((await wholeLines(join(run, 'trials.jsonl'))).length).toBeGreaterThan(before);
    expect(await runsIn(out, 'n1', /^job-\d+-1$/)).toEqual([]);
    expect(await readdir(join(out, 'n1'))).toContainEqual(expect.stringMatching(/^job-\d+-1$/));
    expect(await tracesOf(resumed.runId, 30_000)).toEqual([]);
  }

  /** A launch on which a job is cancelled, and one node is drained. */
  async function cancelOne(): Promise<void> {
    const out = outOf('cancelled');
    await cluster.ask('scontrol', 'update', 'nodename=n3', 'state=drain', 'reason=bad disk');
    const words = ['--partition', 'p', '--hosts', 'n[2-3],n9', '--deadline', '15s', '--out', out];
    const launch = fleet('cancelled', ...words, '--', ...runOf(600));
    const run = await measuring(out, 'n2', 2);
    await cluster.ask('scancel', await jobOf(out, 'n2'));
    // None of its runs came to its end.
    const { stdout, stderr } = await endOf(launch, 3);
    expect(stderr).toContain('n3 is drained: bad disk');
    expect(stdout).toMatch(/n3: given up: its job \d+ did not start within/);
    expect(stdout).toMatch(/n2: interrupted/);
    const record = await readRun(run);
    expect(record.status).toBe('interrupted');
    expect(await tracesOf(record.runId, 30_000)).toEqual([]);
  }

  test('a node is cut off, a job cancelled, a node drained, a name unknown: each is told, and the others go on', async () => {
    await Promise.all([cutOne(), cancelOne()]);
  });

  test('a site that takes no jobs of root, and a partition that is not there', async () => {
    const words = ['--hosts', 'n1', '--out', outOf('root'), '--', ...runOf(1)];
    const [refused, missing] = await Promise.all([
      fleet('root', '--partition', 'users', ...words).started,
      fleet('missing', '--partition', 'nowhere', ...words).started,
    ]);
    expect(refused.exitCode, refused.stderr).toBe(3);
    expect(refused.stdout).toMatch(
      /n1: did not run: Slurm rejected the job: .*\(DisableRootJobs\).* --engine docker/,
    );
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain("there is no partition 'nowhere'");
  });

  test('Ctrl-C ends the jobs of this launch, and no others', async () => {
    const out = outOf('interrupted');
    const other = await cluster.ask(
      'sbatch',
      '--parsable',
      '-w',
      'n3',
      '-o',
      '/dev/null',
      '--wrap',
      'sleep 3600',
    );
    const { started, signal } = fleet(
      'interrupted',
      '--partition',
      'p',
      '--hosts',
      'n1',
      '--out',
      out,
      '--',
      ...runOf(600),
    );
    const run = await until(async () => {
      const [found] = await runsIn(out, 'n1', /^job-\d+-0$/);
      return found !== undefined && (await wholeLines(join(found, 'trials.jsonl'))).length > 1 && found;
    });
    await signal('INT');
    const { exitCode, stdout, stderr } = await started;
    expect(exitCode, stderr).toBe(130);
    expect(stdout).toContain('n1: interrupted: ocibench exited with code 130');
    const record = await readRun(run);
    expect(record.status).toBe('interrupted');
    expect(await tracesOf(record.runId, 30_000)).toEqual([]);
    expect(await cluster.ask('squeue', '-h', '-j', other.trim(), '-o', '%T')).toContain('RUNNING');
    await cluster.ask('scancel', other.trim());
    await rm(out, { recursive: true });
  });
});
