import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readProcessFile, readStat } from '../../core/collect/process/read.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../core/files/temporary.ts';
import { external, quantity } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../../core/model/failure/error.ts';
import type { AppContext } from '../context.ts';

const text = notices('apart', {
  memory: 'reading it takes more memory than {size}',
  time: 'reading it takes more CPU time than {time}',
  ended: 'the process that read it was ended by {signal}',
  stopping: 'stopping; nothing is written',
  stopped: 'stopped before everything was read',
});

/** Limits of reading one untrusted artefact. The largest run of ocibench takes a tenth of each. */
export interface ApartLimits {
  /** V8's heap. */
  readonly heapMiB: number;
  /** Resident memory of the process, including buffers, which the heap's limit does not count. */
  readonly residentMiB: number;
  /** CPU time per run, and of unpacking. Wall time would depend on the load of the host. */
  readonly runSeconds: number;
  /** CPU time of an archive, all its runs included. */
  readonly archiveSeconds: number;
}

export const apartLimits: ApartLimits = {
  heapMiB: 1024,
  residentMiB: 2048,
  runSeconds: 120,
  archiveSeconds: 1800,
};

/** Polling interval of a process, ms. */
const lookEveryMs = 100;

/**
 * Makes a process that reads an untrusted artefact end with its parent, however the parent ends and however busy this process
 * is. A worker thread polls the parent's id, because a thread blocked in the kernel would delay the exit of its process. Also
 * makes this process the first that the kernel's OOM killer chooses.
 */
export function endWithParent(parent: number): void {
  const look = `const never = new Int32Array(new SharedArrayBuffer(4));
    while (process.ppid === ${parent}) Atomics.wait(never, 0, 0, ${lookEveryMs});
    process.kill(process.pid, 'SIGKILL');`;
  new Worker(look, { eval: true, name: 'parent', execArgv: [] }).unref();
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // The OOM killer then chooses by its own score.
  }
}

/** Kills a process that exceeds its limits. */
export class Watch implements Disposable {
  /** The limit that the process exceeded; null while it exceeds none. */
  exceeded: Message | null = null;
  readonly #timer: NodeJS.Timeout;
  readonly #child: ChildProcess;
  #begun = 0;
  #since = 0;

  constructor(child: ChildProcess, limits: ApartLimits) {
    this.#child = child;
    this.#timer = setInterval(() => this.#look(limits), lookEveryMs);
  }

  /** Restarts the count of CPU time: for a new artefact, or for the next run of the same one. */
  begin(artefact: boolean): void {
    this.#since = this.#cpuSeconds();
    if (artefact) this.#begun = this.#since;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #cpuSeconds(): number {
    const { pid } = this.#child;
    return ((pid === undefined ? null : readStat('/proc', pid)?.cpuNs) ?? 0) / 1e9;
  }

  #look({ residentMiB, runSeconds, archiveSeconds }: ApartLimits): void {
    const { pid } = this.#child;
    const status = pid === undefined ? null : readProcessFile('/proc', pid, 'status');
    const kB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1] ?? 0);
    const now = this.#cpuSeconds();
    if (kB > residentMiB * 1024) this.#end(text.memory({ size: quantity(residentMiB, 'MiB') }));
    else if (now - this.#since > runSeconds) this.#end(text.time({ time: quantity(runSeconds, 's') }));
    else if (now - this.#begun > archiveSeconds)
      this.#end(text.time({ time: quantity(archiveSeconds, 's') }));
  }

  #end(why: Message): void {
    this.exceeded = why;
    this.#child.kill('SIGKILL');
  }
}

/** Why a process ended before it had answered. V8 aborts when the heap is full. */
export function whyEnded({ exceeded }: Watch, signal: string | null, { heapMiB }: ApartLimits): Message {
  if (exceeded !== null) return exceeded;
  return signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL'
    ? text.memory({ size: quantity(heapMiB, 'MiB') })
    : text.ended({ signal: external(signal ?? 'exit') });
}

/** One artefact for a reader; {@link ApartLimits} hold for each job. */
export interface ApartJob {
  readonly origin: string;
  /** URL of ocibench's module that reads the artefact: see `ArtefactReader`. */
  readonly reader: string;
}

/** A message of a reader: the answer for one run, or the end of the artefact. */
export type ReaderMessage<Answer> = { readonly answer: Answer } | { readonly end: true };

/** The answers for one artefact; `problem`: why reading stopped early. */
export interface ArtefactAnswers<Answer> {
  readonly answers: readonly Answer[];
  readonly problem: Message | null;
}

/** Overrides of the limits and of the reader's program. */
export interface ApartOptions {
  readonly limits?: ApartLimits;
  /** Entry point of the reader process. */
  readonly program?: URL;
}

/** In the package, files end in .js. */
const reader = new URL(`./apart-process${extname(import.meta.url)}`, import.meta.url);

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null || pid === undefined;
}

/** A running reader process, and the directory in which it unpacks. */
interface ReaderProcess {
  readonly process: ChildProcess;
  readonly watch: Watch;
  readonly scratch: TemporaryDirectory;
}

/** A process that reads one artefact after the other. A killed process is replaced by a new one. */
class Reader<Job extends ApartJob, Answer> implements AsyncDisposable {
  readonly #limits: ApartLimits;
  readonly #program: URL;
  #child: ReaderProcess | null = null;

  constructor({ limits = apartLimits, program = reader }: ApartOptions) {
    this.#limits = limits;
    this.#program = program;
  }

  async read(job: Job, signal: AbortSignal): Promise<ArtefactAnswers<Answer>> {
    if (this.#child !== null && hasEnded(this.#child.process)) await this[Symbol.asyncDispose]();
    this.#child ??= await this.#start();
    const { process: child, watch, scratch } = this.#child;
    const answers: Answer[] = [];
    const stop = () => child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    watch.begin(true);
    const problem = await new Promise<Message | null>((resolve) => {
      child.on('message', (said: ReaderMessage<Answer>) => {
        if ('end' in said) return resolve(null);
        answers.push(said.answer);
        watch.begin(false);
      });
      child.once('exit', (_, by) => resolve(whyEnded(watch, by, this.#limits)));
      child.once('error', ({ message }) => resolve(external(message)));
      if (signal.aborted) stop();
      else
        child.send({ ...job, scratch: scratch.path }, (error) => error && resolve(external(error.message)));
    });
    signal.removeEventListener('abort', stop);
    for (const event of ['message', 'exit', 'error']) child.removeAllListeners(event);
    if (problem !== null) await this[Symbol.asyncDispose]();
    return { answers, problem };
  }

  async #start(): Promise<ReaderProcess> {
    const scratch = await temporaryDirectory('artefact');
    const child = fork(this.#program, {
      execArgv: [`--max-old-space-size=${this.#limits.heapMiB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return { process: child, watch: new Watch(child, this.#limits), scratch };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child === null) return;
    const { process: child, watch, scratch } = this.#child;
    this.#child = null;
    watch[Symbol.dispose]();
    if (!hasEnded(child)) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await scratch[Symbol.asyncDispose]();
  }
}

/** Jobs per reader: starting a reader takes as long as reading a few runs. */
const jobsOfReader = 4;

/** Number of concurrent readers: at most one per CPU, and as many as fit in half of the memory. */
function lanesFor(jobs: number, { residentMiB }: ApartLimits): number {
  const fit = Math.floor(totalmem() / 2 / (residentMiB * 2 ** 20));
  return Math.max(1, Math.min(Math.ceil(jobs / jobsOfReader), availableParallelism(), fit));
}

/**
 * Reads untrusted artefacts in separate processes. A process that exceeds the limits is killed, and only its artefact is lost.
 * Threads would not do: V8 may abort the whole process when a thread's heap is full, and buffers are not on a heap. The answers
 * are in the order of the jobs. OcibenchError (exit 130) where the user interrupts; unpacked files are then removed.
 */
export async function readApart<Job extends ApartJob, Answer>(
  { interrupts }: Pick<AppContext, 'interrupts'>,
  jobs: readonly Job[],
  options: ApartOptions & { readonly onRead?: (read: ArtefactAnswers<Answer>) => void } = {},
): Promise<readonly ArtefactAnswers<Answer>[]> {
  using interrupt = interrupts(text.stopping);
  const { signal } = interrupt;
  const found: ArtefactAnswers<Answer>[] = [];
  let next = 0;
  const lane = async () => {
    await using own = new Reader<Job, Answer>(options);
    for (let at = next++; !signal.aborted; at = next++) {
      const job = jobs[at];
      if (job === undefined) return;
      const read = await own.read(job, signal);
      found[at] = read;
      options.onRead?.(read);
    }
  };
  const lanes = lanesFor(jobs.length, options.limits ?? apartLimits);
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  if (signal.aborted) throw new OcibenchError(text.stopped, { exitCode: exitCodes.interrupted });
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return found;
}
