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

/** The job of one host. */
interface Submission {
  readonly host: string;
  readonly partition: string;
  /** Name of all jobs of this launch. */
  readonly name: string;
  /** Description of the job, for people. */
  readonly comment: string;
  /** Time limit, minutes; null: that of the partition. */
  readonly minutes: number | null;
  /** Path of the script. `log`: path of the log, with Slurm's `%j`. */
  readonly script: string;
  readonly log: string;
}

/** A refusal by Slurm, in its own words. */
export interface SlurmRefusal {
  readonly refused: string;
}

/** Time before its limit at which a job gets the end signal, s. Slurm may be a minute early (sbatch(1), --signal). */
const endBeforeLimitS = 90;

/**
 * Minimum time limit for an end signal, minutes. A shorter job would get it while starting; it only has the cluster's KillWait.
 */
const leastMinutes = 5;

const limitMs = 60_000;

/** Slurm, through its command-line programs. */
export interface Cluster {
  /** Expands a host list such as `n[1-3],m7`. */
  expand(hosts: string): Promise<readonly string[] | SlurmRefusal>;
  /** The nodes of a partition; empty if there is no such partition. */
  nodes(partition: string): Promise<readonly ClusterNode[] | SlurmRefusal>;
  /** Submits a job; returns its id. */
  submit(submission: Submission): Promise<string | SlurmRefusal>;
  /** This user's jobs with that name, including those that ended in the last minutes (MinJobAge). */
  jobs(name: string): Promise<readonly QueuedJob[] | SlurmRefusal>;
  /** Ends jobs of this user: cancels waiting jobs, and sends the end signal to the script of running jobs. */
  cancel(jobs: readonly QueuedJob[]): Promise<void>;
}

/** Error text without the program name that Slurm puts before each line. */
function wordsOf({ stderr, stdout }: ProgramResult): string {
  const said = (stderr.trim() || stdout.trim()).split('\n').map((line) => line.replace(/^s\w+: error: /, ''));
  return said.join('; ');
}

/** The cluster of this host's Slurm. */
export function slurmCluster(run: RunProgram): Cluster {
  const ask = async (program: string, args: readonly string[]): Promise<string | SlurmRefusal> => {
    const result = await run(program, args, { timeoutMs: limitMs });
    return result.exitCode === 0 ? result.stdout : { refused: wordsOf(result) };
  };
  const read = async <T>(answer: Promise<string | SlurmRefusal>, parse: (text: string) => T) => {
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
          '--parsable',
          '--exclusive',
          '--nodes=1',
          `--nodelist=${host}`,
          `--partition=${partition}`,
          `--job-name=${name}`,
          `--comment=${comment}`,
          '--requeue',
          '--open-mode=append',
          ...(minutes !== null && minutes < leastMinutes
            ? []
            : [`--signal=B:${endSignal}@${endBeforeLimitS}`]),
          `--output=${log}`,
          ...(minutes === null ? [] : [`--time=${minutes}`]),
          script,
          host,
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
