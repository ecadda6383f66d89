import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** CLOCK_MONOTONIC of this host, ns; as a double exact up to a hundred days of uptime, and precise to 2 ns after a year. */
export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}

/**
 * Executes a tracer in its own mount namespace, and mounts tracefs there if the host has not. Raises the limit of open files as
 * far as allowed: perf opens one per event, task and CPU. Starts the tracer only by `exec`, which keeps the parent-death
 * signal.
 */
const script = `
if [ ! -d /sys/kernel/tracing/events ]; then mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null; fi
ulimit -n "$(ulimit -H -n)" 2>/dev/null
exec "$@"
`;

/** Maximum size of a tracer's stderr that is kept, bytes. */
const keptBytes = 64 * 1024;

/** Time for a tracer to end when asked, ms; after that it is killed. */
const endLimitMs = 20_000;

/** Environment of a tracer. Excludes the user's variables, which may change its output. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, LC_ALL: 'C', ...extra };
}

/** Command that runs a program in a tracer's namespace, and ends it when this process ends. */
export function tracerCommand(program: readonly string[]): readonly [string, ...string[]] {
  return [
    ...(['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private'] as const),
    'sh',
    '-c',
    script,
    'ocibench-tracer',
    ...program,
  ];
}

/** A running tracer. */
export interface TracerProcess {
  readonly child: ChildProcess;
  /** Aborted when it has ended. */
  readonly ended: AbortSignal;
  /** Its output on stderr. */
  said(): string;
  /** Asks it to end with SIGINT; kills it if it does not. Resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts a tracer in its own session, so that a Ctrl-C for ocibench does not reach it. */
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
