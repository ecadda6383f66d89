import { numberOf } from './call-names.ts';

/** A call that failed. */
export interface FailedCall {
  readonly name: string;
  /** As the log has them. */
  readonly arguments: readonly string[];
  readonly errno: number;
  /** How many calls its process had made before it. */
  readonly at: number;
}

/** Something that a process wrote to its output. */
interface Written {
  /** In small letters. */
  readonly text: string;
  /** How many calls the process had made before. */
  readonly at: number;
}

/** A process of the sandbox. */
export interface TracedProcess {
  readonly pid: number;
  /** Calls that it has made; those before the last execve(2) count. */
  calls: number;
  /** The last ones since the last execve(2) that can be blamed. */
  failed: FailedCall[];
  written: Written[];
  /** How it ended; null where it was not seen to. */
  end: ProcessEnd | null;
}

interface ProcessEnd {
  /** Exit code; null: a signal ended it. */
  readonly code: number | null;
  /** Number of this end among those of all processes. */
  readonly order: number;
  /** Calls that its parent had made by then; null where no parent is known. */
  readonly parentCalls: number | null;
}

/** Kept of a process, and processes in all: what is traced decides how much it does. */
const kept = { failed: 200, written: 20, processes: 4_096, unsupported: 1_000 } as const;

/** One message of a task: `[   1:   1] nginx X socket(…) = …`; newer releases: `[   1(   1):   3(   3)] …`. */
const ofTask = /^\[\s*(\d+)(?:\(\s*(\d+)\))?(?::\s*(\d+)(?:\(\s*(\d+)\))?)?\] (.*)$/s;
/** `nginx E write(…)` at the begin of a call, `X` at its end; a command's name has 15 bytes at most. */
const ofCall = /^.{0,15}? ([EX]) (\w+)\((.*)$/s;
const ofSignal = /^Signal \d+\b.*terminating thread group/;
const ofUnsupported = /^Unsupported syscall (\w+)\(([^)]*)\)/;

/** Splits arguments at their commas, but not at those inside of quotes and brackets. */
function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (isQuoted) {
      if (c === '\\') i++;
      else if (c === '"') isQuoted = false;
    } else if (c === '"') isQuoted = true;
    else if ('[{('.includes(c)) depth++;
    else if (']})'.includes(c)) depth--;
    else if (c === ',' && depth <= 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' && parts.length === 0 ? [] : [...parts, last];
}

/**
 * The arguments that tell calls of one name apart, by which gVisor reports what it does not have (runsc/boot/compat.go); none:
 * the whole call.
 */
const telling: Readonly<Record<string, readonly number[]>> = {
  prctl: [0],
  arch_prctl: [0],
  ioctl: [1],
  fcntl: [1],
  epoll_ctl: [1],
  shmctl: [1],
  futex: [1],
  fallocate: [1],
  setsockopt: [1, 2],
  getsockopt: [1, 2],
  semctl: [2],
};

function keyOf(name: string, all: readonly string[]): string {
  return [name, ...(telling[name] ?? []).map((at) => numberOf(all[at]))].join(' ');
}

/** What a sandbox of gVisor did, from the messages of its log (`--strace`). The log is the program's own doing: it is bounded. */
export class Trace {
  readonly #processes = new Map<number, TracedProcess>();
  readonly #parents = new Map<number, number>();
  readonly #unsupported = new Set<string>();
  readonly #isBlamable: (call: FailedCall) => boolean;
  #ends = 0;

  /** `isBlamable`: can this call be why a process failed? Others are not kept: programs look for hundreds of files. */
  constructor(isBlamable: (call: FailedCall) => boolean) {
    this.#isBlamable = isBlamable;
  }

  /** Takes the next message, without time and place. */
  add(message: string): void {
    const unsupported = ofUnsupported.exec(message);
    if (unsupported !== null && this.#unsupported.size < kept.unsupported) {
      const [, name = '', all = ''] = unsupported;
      this.#unsupported.add(keyOf(name, all.split(',')));
      return;
    }
    const task = ofTask.exec(message);
    if (task === null) return;
    const [, group = '', ownGroup = group, thread = group, ownThread = thread, said = ''] = task;
    const process = this.#process(Number(ownGroup));
    if (process === null) return;
    const call = ofCall.exec(said);
    if (call === null) {
      if (ofSignal.test(said)) this.#end(process, null);
      return;
    }
    const [, side, name = '', text = ''] = call;
    if (side === 'E') this.#begin(process, { name, text, isLeader: ownThread === ownGroup });
    else this.#finish(process, name, text);
  }

  /** The processes that were seen, in the order of their first calls. */
  get processes(): readonly TracedProcess[] {
    return [...this.#processes.values()];
  }

  /** The process that started this one; null of the container's first, and of one that came from outside (a health check). */
  parentOf({ pid }: TracedProcess): TracedProcess | null {
    const parent = this.#parents.get(pid);
    return parent === undefined ? null : (this.#processes.get(parent) ?? null);
  }

  /** Does the log say that the sandbox has no such call? */
  isUnsupported({ name, arguments: all }: Pick<FailedCall, 'name' | 'arguments'>): boolean {
    return this.#unsupported.has(keyOf(name, all));
  }

  #process(pid: number): TracedProcess | null {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    if (this.#processes.size >= kept.processes) return null;
    const made: TracedProcess = { pid, calls: 0, failed: [], written: [], end: null };
    this.#processes.set(pid, made);
    return made;
  }

  #begin(
    process: TracedProcess,
    { name, text, isLeader }: { readonly name: string; readonly text: string; readonly isLeader: boolean },
  ): void {
    process.calls++;
    if (name === 'exit_group' || (name === 'exit' && isLeader)) {
      this.#end(process, (numberOf(text.replace(/\)$/, '')) ?? 0) & 0xff);
      return;
    }
    if (name !== 'write' && name !== 'writev') return;
    const descriptor = numberOf(splitArguments(text)[0]);
    if ((descriptor !== 1 && descriptor !== 2) || !text.includes('"')) return;
    process.written.push({ text: text.toLowerCase(), at: process.calls });
    if (process.written.length > kept.written) process.written.shift();
  }

  #finish(process: TracedProcess, name: string, text: string): void {
    // What is printed of a program's memory may look like an end.
    const at = text.lastIndexOf(') = ');
    if (at < 0) return;
    const result = text.slice(at + 4);
    const errno = /\berrno=(\d+) \(/.exec(result)?.[1];
    if (errno !== undefined) {
      const call: FailedCall = {
        name,
        arguments: splitArguments(text.slice(0, at)),
        errno: Number(errno),
        at: process.calls,
      };
      if (this.#isBlamable(call)) process.failed.push(call);
      if (process.failed.length > kept.failed) process.failed.shift();
      return;
    }
    if (name === 'execve' || name === 'execveat') {
      process.failed = [];
      process.written = [];
    }
    if (!/^(?:clone3?|v?fork)$/.test(name)) return;
    const child = numberOf(result.split(' ')[0]);
    if (child !== null && child > 0 && this.#parents.size < kept.processes)
      this.#parents.set(child, process.pid);
  }

  #end(process: TracedProcess, code: number | null): void {
    if (process.end !== null) return;
    const parent = this.#processes.get(this.#parents.get(process.pid) ?? 0);
    process.end = { code, order: this.#ends++, parentCalls: parent?.calls ?? null };
  }
}

/** The place in gVisor's source at which a message was logged: `strace.go:576] `. */
const sourcePlace = /^\S+\.go:\d+\] /;

/** The message in a line of a log (`--debug-log-format=json`), without its place in the source; null where there is none. */
export function messageIn(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    const message = typeof value === 'object' && value !== null && 'msg' in value ? value.msg : null;
    return typeof message === 'string' ? message.replace(sourcePlace, '') : null;
  } catch {
    return null;
  }
}
