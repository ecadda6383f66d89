import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownIdentity } from '../../../../../src/core/host/process-identity.ts';
import { newestAttempt } from '../../../../../src/features/fleet/launch/slurm/follow.ts';
import { jobScript } from '../../../../../src/features/fleet/launch/slurm/job-script.ts';

/** A stand-in for ocibench: says what it was called with, makes a run, and ends as the test says. */
const standIn = `#!/bin/sh
for word in "$@"; do printf '<%s>' "$word"; done; echo
out= resume=
while [ $# -gt 0 ]; do case $1 in --out) out=$2 ;; --resume) resume=$2 ;; esac; shift; done
mkdir -p "$out/results/20260101-000000-aaaa" && echo {} >"$out/results/20260101-000000-aaaa/run.json"
[ -z "$resume" ] || exit "\${RESUMED:-0}"
[ -z "\${SLOW:-}" ] || { trap 'echo TERM; exit 130' TERM; touch "$SLOW"; i=0; while [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done; }
exit "\${ENDS:-0}"
`;

describe('the script of a job', () => {
  let place: string;
  let out: string;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'ocibench-job-'));
    // Whatever a path can hold.
    out = join(place, "the fleet's $out 100%");
    await mkdir(out);
    const program = join(place, 'stand in');
    await writeFile(program, standIn);
    await chmod(program, 0o755);
    const words = ['--load', 'wrk \'http://{address}/?a="b"\' `id`', '--set', 'seed=7'];
    await writeFile(join(place, 'job.sh'), jobScript({ out, program: [program], words }));
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  const start = (restart: number | null, env: Readonly<Record<string, string>> = {}) =>
    execa('sh', [join(place, 'job.sh'), 'n1'], {
      reject: false,
      stdin: 'ignore',
      timeout: 20_000,
      env: {
        SLURM_JOB_ID: '12',
        ...(restart === null ? {} : { SLURM_RESTART_COUNT: String(restart) }),
        ...env,
      },
    });
  const own = ownIdentity();
  /** An attempt before, whose process is the given one. */
  async function attempt(
    at: number,
    { host = hostname(), boot = own.bootId, pid = own.pid, start: began = own.startTime },
  ) {
    const directory = join(out, 'n1', `job-12-${at}`);
    const run = join(directory, 'results/20260101-000000-bbbb');
    await mkdir(run, { recursive: true });
    await writeFile(join(run, 'run.json'), '{}');
    await writeFile(join(directory, 'place'), `${directory}\n`);
    await writeFile(
      join(directory, 'process'),
      `${host} ${boot} pid:[${own.pidNamespace}] ${pid} ${began}\n`,
    );
    return run;
  }

  test('begins a run in a directory of its own, with every word as it was given', async () => {
    const { exitCode, stdout } = await start(null, { ENDS: '1' });
    expect(exitCode).toBe(1);
    const here = join(out, 'n1/job-12-0');
    expect(stdout).toBe(
      `<run><--set><wait=true><--set><progress=false><--out><${here}><--load><wrk 'http://{address}/?a="b"' \`id\`><--set><seed=7>`,
    );
    expect(await newestAttempt(out, 'n1', '12')).toEqual({ directory: here, exitCode: 1 });
    expect((await readdir(here)).sort()).toEqual(['exit', 'place', 'process', 'results']);
  });

  test('never measures into a directory that is there', async () => {
    await start(null);
    const again = await start(0);
    expect(again.exitCode).toBe(73);
    expect(again.stdout).toBe('');
    expect(again.stderr).toContain('must be new');
  });

  test.each([
    ['of another boot', { boot: '00000000-0000-4000-8000-000000000000' }],
    ['whose process is another one now', { start: '1' }],
    ['whose process is none now', { pid: 4_194_303 }],
  ])('goes on with the run of an attempt %s', async (_, process) => {
    const run = await attempt(0, process);
    const { exitCode, stdout } = await start(1);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`<--resume><${run}><--out><${join(out, 'n1/job-12-0')}>`);
    expect((await newestAttempt(out, 'n1', '12'))?.exitCode).toBe(0);
    // The one after it finds the run where it is.
    await writeFile(join(out, 'n1/job-12-1/process'), `${hostname()} other pid:[1] 1 1\n`);
    expect((await start(2)).stdout).toContain(`<--resume><${run}>`);
  });

  test.each([
    ['that still runs', {}],
    ['of another host', { host: 'elsewhere', boot: 'other' }],
  ])('begins a new run beside an attempt %s', async (_, process) => {
    await attempt(0, process);
    const { exitCode, stdout } = await start(1);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`<--out><${join(out, 'n1/job-12-1')}>`);
    expect(stdout).not.toContain('--resume');
  });

  test('begins a new run where the one before cannot go on', async () => {
    await attempt(0, { start: '1' });
    const { exitCode, stdout } = await start(1, { RESUMED: '2' });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stdout.split('\n')[1]).toContain(`<--out><${join(out, 'n1/job-12-1')}>`);
  });

  test('SIGUSR1 reaches the program as one SIGTERM, and its end is written down', async () => {
    const slow = join(place, 'slow');
    const job = start(null, { SLOW: slow });
    for (let looked = 0; looked < 400 && (await readFile(slow).catch(() => null)) === null; looked++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    job.kill('SIGUSR1');
    const { exitCode, stdout } = await job;
    expect(exitCode).toBe(130);
    expect(stdout.match(/TERM/g)).toHaveLength(1);
    expect((await newestAttempt(out, 'n1', '12'))?.exitCode).toBe(130);
  });
});
