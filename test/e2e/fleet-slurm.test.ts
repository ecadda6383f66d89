import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launcher } from '../../packaging/tree.ts';
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
  '--max-time',
  '9m',
];

/** The runs below OUT: the node of each, and its directory. */
async function runsIn(out: string): Promise<readonly { readonly node: string; readonly path: string }[]> {
  const names = await readdir(out, { recursive: true }).catch(() => []);
  return names
    .filter((name) => /^[^/]+\/[^/]+\/results\/\d[^/]*\/run\.json$/.test(name))
    .toSorted()
    .map((name) => ({ node: name.split('/')[0] ?? '', path: join(out, name.replace(/\/run\.json$/, '')) }));
}

const readRun = async (path: string) => JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));

describe.skipIf(!canRun || !programs.every(isThere))('deploy/slurm on a real Slurm', () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await slurmCluster();
    // What every node starts is this checkout.
    const program = `#!/bin/sh\nexec ${process.execPath} ${join(root, 'src/cli.ts')} "$@"\n`;
    await writeFile(join(cluster.place, 'ocibench'), program, { mode: 0o755 });
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

  const outOf = (name: string) => join(cluster.place, name);

  /** Submits the recipe as its header says; returns the job. */
  async function submit(
    out: string,
    words: readonly string[],
    options: readonly string[],
    program = join(cluster.place, 'ocibench'),
  ): Promise<string> {
    // What is submitted is kept by Slurm: a script that is gone, or another one by then, is not what runs.
    const script = join(cluster.place, 'ocibench.sbatch');
    await copyFile(join(root, 'deploy/slurm/ocibench.sbatch'), script);
    const job = await cluster.ask(
      'env',
      `OUT=${out}`,
      `OCIBENCH=${program}`,
      'SEED=7',
      'sbatch',
      '--parsable',
      '--partition=p',
      `--output=${out}-%a.log`,
      ...words,
      script,
      ...options,
    );
    await writeFile(script, '#!/bin/sh\nexit 99\n');
    return job.trim();
  }
  /** The state of each task of a job, once none of them waits or runs. */
  const ended = (job: string) =>
    until(async () => {
      const states = await cluster.ask('squeue', '-h', '--states=all', '-j', job, '-r', '-o', '%T');
      const all = states.split('\n').filter(Boolean);
      return !all.some((state) => /^(?:PENDING|RUNNING|COMPLETING|CONFIGURING|REQUEUED)$/.test(state)) && all;
    });
  /** The only run, once it has recorded so many trials. */
  const measuring = (out: string, least: number) =>
    until(async () => {
      const [{ path } = { path: '' }] = await runsIn(out);
      return path !== '' && (await wholeLines(join(path, 'trials.jsonl'))).length >= least && path;
    });

  test('one run on each of three nodes', async () => {
    const out = outOf('happy');
    expect(await ended(await submit(out, ['--array=1-3'], runOf(1)))).toEqual(Array(3).fill('COMPLETED'));
    const runs = await runsIn(out);
    expect(runs.map(({ node }) => node)).toEqual(['n1', 'n2', 'n3']);
    for (const { node, path } of runs) {
      const record = await readRun(path);
      expect(record).toMatchObject({ status: 'complete', seed: 7, host: { hostname: node } });
      expect(await tracesOf(record.runId, 30_000)).toEqual([]);
    }
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
      const job = await submit(out, ['--array=1-3'], runOf(1), program);
      expect(await ended(job)).toEqual(Array(3).fill('COMPLETED'));
      for (const { node, path } of await runsIn(out))
        expect(await readRun(path)).toMatchObject({ status: 'complete', host: { hostname: node } });
      await rm(place, { recursive: true });
    },
    900_000,
  );

  test('a node is cut off: its task starts again there, and goes on with its run', async () => {
    const out = outOf('cut');
    const job = await submit(out, ['--nodelist=n1'], runOf(10));
    const run = await measuring(out, 4);
    await cluster.cut('n1');
    const before = (await wholeLines(join(run, 'trials.jsonl'))).length;
    expect((await readRun(run)).status).toBe('running');
    // As Slurm does itself where a node has not answered for so long that a busy machine is no reason.
    await cluster.ask('scontrol', 'update', 'nodename=n1', 'state=down', 'reason=cut off');
    await until(async () => /^down/m.test(await cluster.ask('sinfo', '-h', '-n', 'n1', '-o', '%T')));
    await cluster.start('n1');
    expect(await ended(job)).toEqual(['COMPLETED']);
    const resumed = await readRun(run);
    expect(resumed).toMatchObject({ status: 'complete', resumed: 1 });
    expect((await wholeLines(join(run, 'trials.jsonl'))).length).toBeGreaterThan(before);
    expect(await runsIn(out)).toHaveLength(1);
    expect(await tracesOf(resumed.runId, 30_000)).toEqual([]);
  });

  test('a task that is cancelled ends the trial in flight; an end before its time limit does, too', async () => {
    const out = outOf('cancelled');
    const job = await submit(out, ['--nodelist=n2'], runOf(600));
    const run = await measuring(out, 2);
    // What Slurm does 90 s before the end of --time.
    await cluster.ask('scancel', '--batch', '--signal=TERM', job);
    expect(await ended(job)).toEqual(['FAILED']);
    const record = await readRun(run);
    expect(record.status).toBe('interrupted');
    expect(await tracesOf(record.runId, 30_000)).toEqual([]);

    const other = outOf('cancelled-whole');
    const second = await submit(other, ['--nodelist=n3'], runOf(600));
    const half = await measuring(other, 2);
    await cluster.ask('scancel', second);
    expect(await ended(second)).toEqual(['CANCELLED']);
    const { status, runId } = await until(async () => {
      const found = await readRun(half);
      return found.status !== 'running' && found;
    });
    expect(status).toBe('interrupted');
    expect(await tracesOf(runId, 30_000)).toEqual([]);
  });

  test('a site that takes no jobs of root says so', async () => {
    await expect(submit(outOf('root'), ['--partition=users'], runOf(1))).rejects.toThrow(/Invalid user id/);
  });
});
