import type { ProgramResult, RunProgram } from '../../../../core/host/programs.ts';
import { endSignal } from './job-script.ts';
import {
  type ClusterNode,
  nodeFormat,
  parseNodes,
  parseQueue,
  type QueuedJob,
  queueFormat,
} from './queue.ts';

/** What is submitted for one host. */
interface Submission {
  readonly host: string;
  readonly partition: string;
  /** Name of all jobs of this launch. */
  readonly name: string;
  /** For people: what the job is. */
  readonly comment: string;
  /** Time limit, minutes; null: that of the partition. */
  readonly minutes: number | null;
  /** Path of the script, and of the log with Slurm's `%j`. */
  readonly script: string;
  readonly log: string;
}

/** What Slurm answered to something that it refused, in its own words. */
export interface Refused {
  readonly refused: string;
}

/** Time before its limit at which a job is asked to end, s. Slurm may be a minute early (sbatch(1), --signal). */
const endBeforeLimitS = 90;

/** A job with a shorter limit, minutes, would be asked while it begins: it has the cluster's KillWait at its end. */
const leastMinutes = 5;

const limitMs = 60_000;

/** Slurm as its own programs give it. */
export interface Cluster {
  /** The names of a host list: `n[1-3],m7`. */
  expand(hosts: string): Promise<readonly string[] | Refused>;
  /** The nodes of a partition; none where there is no such partition. */
  nodes(partition: string): Promise<readonly ClusterNode[] | Refused>;
  /** The job's id. */
  submit(submission: Submission): Promise<string | Refused>;
  /** This user's jobs of that name, also those that ended within the last minutes (MinJobAge). */
  jobs(name: string): Promise<readonly QueuedJob[] | Refused>;
  /** Ends jobs of this user: those that wait at once, of those that run the script is asked. */
  cancel(jobs: readonly QueuedJob[]): Promise<void>;
}

/** Slurm says more than one line, and names its program in each. */
function wordsOf({ stderr, stdout }: ProgramResult): string {
  const said = (stderr.trim() || stdout.trim()).split('\n').map((line) => line.replace(/^s\w+: error: /, ''));
  return said.join('; ');
}

/** The cluster of this host's Slurm. */
export function slurmCluster(run: RunProgram): Cluster {
  const ask = async (program: string, args: readonly string[]): Promise<string | Refused> => {
    const result = await run(program, args, { timeoutMs: limitMs });
    return result.exitCode === 0 ? result.stdout : { refused: wordsOf(result) };
  };
  const read = async <T>(answer: Promise<string | Refused>, parse: (text: string) => T) => {
    const text = await answer;
    return typeof text === 'string' ? parse(text) : text;
  };
  return {
    expand: (hosts) =>
      read(ask('scontrol', ['show', 'hostnames', hosts]), (text) => [
        ...new Set(text.split('\n').filter(Boolean)),
      ]),
    nodes: (partition) =>
      read(
        ask('sinfo', ['--noheader', '--Node', `--partition=${partition}`, `--format=${nodeFormat}`]),
        parseNodes,
      ),
    submit: ({ host, partition, name, comment, minutes, script, log }) =>
      read(
        ask('sbatch', [
          ...['--parsable', '--exclusive', '--nodes=1', `--nodelist=${host}`, `--partition=${partition}`],
          ...[`--job-name=${name}`, `--comment=${comment}`, '--requeue', '--open-mode=append'],
          ...(minutes !== null && minutes < leastMinutes
            ? []
            : [`--signal=B:${endSignal}@${endBeforeLimitS}`]),
          `--output=${log}`,
          ...(minutes === null ? [] : [`--time=${minutes}`]),
          ...[script, host],
        ]),
        // `ID` or `ID;CLUSTER`
        (text) => /^\d+/.exec(text.trim())?.[0] ?? { refused: text.trim() },
      ),
    jobs: (name) =>
      read(
        ask('squeue', ['--noheader', '--me', '--states=all', `--name=${name}`, `--format=${queueFormat}`]),
        parseQueue,
      ),
    async cancel(jobs) {
      const ids = (running: boolean) =>
        jobs.filter(({ state }) => (state === 'RUNNING') === running).map(({ id }) => id);
      const [running, others] = [ids(true), ids(false)];
      if (running.length > 0)
        await run('scancel', ['--batch', `--signal=${endSignal}`, ...running], { timeoutMs: limitMs });
      if (others.length > 0) await run('scancel', others, { timeoutMs: limitMs });
    },
  };
}
