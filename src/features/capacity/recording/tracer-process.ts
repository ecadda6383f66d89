import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** CLOCK_MONOTONIC of this host, ns; a double holds it exactly for a hundred days, and to 2 ns for a year. */
export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}

/**
 * Executes a tracer in a mount namespace of its own, where tracefs is mounted if the host has not mounted it. The limit
 * of open files is raised as far as allowed: perf opens one for each event, task and CPU. Only `exec` follows, so that
 * the parent-death signal stays with the tracer.
 */
const script = `
if [ ! -d /sys/kernel/tracing/events ]; then mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null; fi
ulimit -n "$(ulimit -H -n)" 2>/dev/null
exec "$@"
`;

/** Most that is kept of what a tracer says, bytes. */
const keptBytes = 64 * 1024;

/** Time for a tracer to end after it is asked, ms; then it is killed. */
const endLimitMs = 20_000;

/** The only variables that a tracer gets: those of the user may change what it prints. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, LC_ALL: 'C', ...extra };
}

/** The command line that runs a program in a tracer's namespace, and ends it with this process. */
export function tracerCommand(program: readonly string[]): readonly [string, ...string[]] {
  return [
    ...(['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private'] as const),
    ...['sh', '-c', script, 'ocibench-tracer', ...program],
  ];
}

/** A running tracer. */
export interface TracerProcess {
  readonly child: ChildProcess;
  /** Aborted when it has ended. */
  readonly ended: AbortSignal;
  /** What it printed on stderr. */
  said(): string;
  /** Asks it to end, as Ctrl-C does; kills it where it does not. Resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts a tracer. It has a session of its own, so that a Ctrl-C for ocibench does not reach it. */
export function startTracer(
  program: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly pipes?: number } = {},
): TracerProcess {
  const [file, ...words] = tracerCommand(program);
  const { env = {}, pipes = 0 } = options;
  const child = spawn(file, words, {
    detached: true,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: pipes }, () => 'pipe' as const)],
  });
  const gone = new AbortController();
  child.once('exit', () => gone.abort());
  child.once('error', () => gone.abort());
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < keptBytes) said += chunk.toString();
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || gone.signal.aborted;
  const within = async (limitMs: number) => {
    const deadline = performance.now() + limitMs;
    while (!hasEnded() && performance.now() < deadline) await sleep(10);
    return hasEnded();
  };
  return {
    child,
    ended: gone.signal,
    said: () => said.slice(0, keptBytes),
    async end() {
      if (hasEnded()) return;
      child.kill('SIGINT');
      if (await within(endLimitMs)) return;
      child.kill('SIGKILL');
      await within(endLimitMs);
    },
  };
}
