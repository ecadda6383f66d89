import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { thisProgram } from '../../../../app/this-program.ts';
import { parseDuration, parseList } from '../../../../core/config/quantities.ts';
import { holdDirectory, refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { runProgram } from '../../../../core/host/programs.ts';
import { messages, notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, problemOf } from '../../../../core/model/error.ts';
import { writeAtomically } from '../../../../core/store/files.ts';
import { drawnSeed, type LaunchRun, sameRun } from '../run-end.ts';
import { type Cluster, type SlurmRefusal, slurmCluster } from './cluster.ts';
import { type FollowResult, followLaunch, refusal } from './follow.ts';
import { jobScript } from './job-script.ts';
import {
  type LaunchedHost,
  launchFiles,
  nodeName,
  type QueuedJob,
  readLaunch,
  type SlurmLaunch,
  takesJobs,
  writeLaunch,
} from './queue.ts';

const text = notices('slurm', {
  cannot: 'nothing was submitted to Slurm',
  unable: '{host} is {state}: {reason}',
  refused: '{host}: {why}',
  interrupted: 'interrupted: cancelling the jobs of this launch; interrupt again to leave them running',
  submitted:
    '{n, plural, one {# job} other {# jobs}} of {name}; from any terminal:  @(fleet slurm --continue {out})',
});
const words = messages('slurm', { commandLine: 'command line' });
const why = reasons('slurm', {
  answer: { message: 'Slurm answers: {said}', fix: 'check:  sinfo;  scontrol ping' },
  partition: { message: "there is no partition ''{name}'' with nodes", fix: 'choose one:  sinfo -s' },
  duration: { message: "must be a duration, but is ''{value}''", fix: 'for example {flag} 30m' },
  missing: { message: 'is needed', fix: 'for example --partition compute   (sinfo -s lists them)' },
  launched: {
    message: 'it already contains a launch',
    fix: 'continue it:  @(fleet slurm --continue {out})   or choose another --out',
  },
  noLaunch: { message: 'it contains no launch', fix: 'name the --out of a launch' },
  name: {
    message: "''{host}'' is not a node name",
    fix: "for example --hosts n1,n2 or --hosts ''n[1-3]''",
  },
  path: { message: 'Slurm accepts no path with a backslash or a line break', fix: 'choose another --out' },
});

/** Options of `ocibench fleet slurm`, as typed. */
export interface FleetSlurmFlags {
  readonly partition?: string;
  readonly hosts?: string;
  readonly time?: string;
  readonly deadline: string;
  readonly out?: string;
  readonly program?: string;
  readonly continue?: string;
}

/** Result of a launch. */
export interface FleetLaunch extends FollowResult {
  /** Directory of the hosts' runs. */
  readonly out: string;
}

const problem = (key: string, reason: Reason) => problemOf({ file: words.commandLine, key }, reason);

function answered<T>(answer: T | SlurmRefusal): T {
  if (typeof answer !== 'object' || answer === null || !('refused' in answer)) return answer as T;
  const reason = why.answer({ said: answer.refused });
  throw new OcibenchError(text.cannot, {
    exitCode: exitCodes.noEngine,
    problems: [problemOf({ file: 'Slurm', key: '' }, reason)],
  });
}

/**
 * Submits a job for each host, or continues an earlier launch, and follows the jobs to their end. `run`: the arguments of
 * `ocibench run`, as typed and as parsed.
 */
export async function launchOnSlurm(
  app: AppContext,
  flags: FleetSlurmFlags,
  run: LaunchRun,
  cluster: Cluster = slurmCluster(runProgram),
): Promise<FleetLaunch> {
  const { workingDirectory } = app.environment;
  if (flags.continue !== undefined) {
    const out = resolve(workingDirectory, flags.continue);
    refuseNotOwn([out]);
    const launch = await readLaunch(out);
    if (launch === null) throw misuse(text.cannot, [problem(`--continue ${flags.continue}`, why.noLaunch)]);
    // A killed launch may have submitted a job without recording it.
    const known = answered(await cluster.jobs(launch.name));
    return submitAndFollow(app, cluster, { out, known }, withoutRefusals(launch));
  }
  const id = newRunId(app.clock.date());
  const out = resolve(workingDirectory, flags.out ?? `fleet-${id}`);
  const { launch, script } = await newLaunch(app, cluster, flags, { run, out, id });
  await writeAtomically(join(out, launchFiles.script), script);
  await writeLaunch(out, launch);
  return submitAndFollow(app, cluster, { out, known: [] }, launch);
}

/** Clears earlier refusals: Slurm may accept now, for example with a new node, a raised limit, or another user. */
function withoutRefusals(launch: SlurmLaunch): SlurmLaunch {
  return { ...launch, hosts: launch.hosts.map((each) => ({ ...each, refused: null })) };
}

interface LaunchRequest {
  readonly run: LaunchRun;
  readonly out: string;
  readonly id: string;
}

/** Prepares a launch, without writing. OcibenchError (exit 2) with every problem of the command line. */
async function newLaunch(
  app: AppContext,
  cluster: Cluster,
  flags: FleetSlurmFlags,
  { run, out, id }: LaunchRequest,
): Promise<{ readonly launch: SlurmLaunch; readonly script: string }> {
  const same = sameRun(run.words, run.request, () => drawnSeed(id), {}, ['wait=true', 'progress=false']);
  const problems = [...run.problems, ...same.problems];
  const duration = (flag: string, value: string) => {
    const ms = parseDuration(value);
    if (ms === null) problems.push(problem(flag, why.duration({ value, flag })));
    return ms ?? 1;
  };
  const limitMs = flags.time === undefined ? null : duration('--time', flags.time);
  const deadlineMs = duration('--deadline', flags.deadline);
  const { partition } = flags;
  if (partition === undefined) problems.push(problem('--partition', why.missing));
  if (/[\\\n\r]/.test(out)) problems.push(problem('--out', why.path));
  const before = (await readLaunch(out))?.hosts ?? [];
  if (before.some(({ job }) => job !== null)) problems.push(problem('--out', why.launched({ out })));
  if (partition === undefined || problems.length > 0) throw misuse(text.cannot, problems);
  const nodes = answered(await cluster.nodes(partition));
  if (nodes.length === 0)
    throw misuse(text.cannot, [problem('--partition', why.partition({ name: partition }))]);
  const hosts =
    flags.hosts === undefined
      ? nodes.map(({ name }) => name)
      : answered(await cluster.expand(parseList(flags.hosts).join(',')));
  const bad = hosts.filter((host) => !nodeName.test(host));
  if (hosts.length === 0 || bad.length > 0)
    throw misuse(
      text.cannot,
      (hosts.length === 0 ? [''] : bad).map((host) => problem('--hosts', why.name({ host }))),
    );
  for (const node of nodes.filter(({ name }) => hosts.includes(name)))
    if (!takesJobs(node))
      app.reporter.warn(text.unable({ host: node.name, state: node.state, reason: node.reason }));
  const program = await nodeProgram(app, flags.program);
  return {
    script: jobScript({ out, program, words: same.words }),
    launch: {
      format: 'ocibench fleet slurm 1',
      name: `ocibench-${id}`,
      partition,
      deadlineMs,
      minutes: limitMs === null ? null : Math.ceil(limitMs / 60_000),
      startedAt: app.clock.date().toISOString(),
      hosts: hosts.map((host) => ({ host, job: null, refused: null })),
    },
  };
}

/** Command of ocibench on the nodes: this program's path, the given path, or a name on their PATH. */
async function nodeProgram({ environment }: AppContext, asked?: string): Promise<readonly string[]> {
  if (asked === undefined) return thisProgram(environment);
  return [asked.includes('/') ? resolve(environment.workingDirectory, asked) : asked];
}

/** Submits the missing jobs one by one, recording each before the next. `known`: existing jobs. */
async function submitAndFollow(
  app: AppContext,
  cluster: Cluster,
  { out, known }: { readonly out: string; readonly known: readonly QueuedJob[] },
  prepared: SlurmLaunch,
): Promise<FleetLaunch> {
  let launch = prepared;
  using interrupt = app.interrupts(text.interrupted);
  const missing = launch.hosts.filter(({ job, refused }) => job === null && refused === null);
  for (const { host } of missing) {
    if (interrupt.signal.aborted) break;
    const adopted = known.find((job) => job.host === host)?.id;
    const answer = adopted ?? (await submitFor(cluster, out, launch, host));
    const refused = typeof answer === 'string' ? null : answer.refused;
    if (refused !== null) app.reporter.warn(text.refused({ host, why: refusal(refused) }));
    const entry: LaunchedHost = { host, job: typeof answer === 'string' ? answer : null, refused };
    launch = { ...launch, hosts: launch.hosts.map((each) => (each.host === host ? entry : each)) };
    await writeLaunch(out, launch);
  }
  const jobs = launch.hosts.filter(({ job }) => job !== null).length;
  if (jobs > 0) app.reporter.log(text.submitted({ n: jobs, name: launch.name, out }));
  return { out, ...(await followLaunch(app, cluster, { out, launch, interrupt })) };
}

async function submitFor(cluster: Cluster, out: string, launch: SlurmLaunch, host: string) {
  const { partition, name, minutes } = launch;
  holdDirectory(join(out, host))[Symbol.dispose]();
  return cluster.submit({
    host,
    partition,
    name,
    minutes,
    comment: `ocibench fleet slurm, ${out}`,
    script: join(out, launchFiles.script),
    // Escapes `%`, which starts a replacement in Slurm.
    log: join(out, host, 'job-%j.log').replace(out, out.replaceAll('%', '%%')),
  });
}
