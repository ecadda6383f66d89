import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { perlClock } from '../../../core/collect/perl-clock.ts';

/** Calls of a burst. */
export const burstCalls = 500;
/** Bursts of each kind in a phase. */
const burstsOfPhase = 25;

/**
 * A process in its own cgroup that makes known calls. Between two calls it writes 32 KiB: in a tight loop the tracer's code and
 * data would stay in the nearest caches, and tracing would seem cheaper than for a real program. Commands on standard input:
 * `mark N` makes the call with that number, `plain N` makes N calls that do nothing, `read N` makes N reads of one byte; the
 * answer is their CPU time, ns. It ends when its standard input closes.
 */
const script = `${perlClock}
$| = 1;
open my $zero, '<', '/dev/zero' or die "/dev/zero: $!\\n";
my $byte;
my ($one, $other) = ('a' x 32_768, 'b' x 32_768);
while (defined(my $line = <STDIN>)) {
  my ($what, $n) = split ' ', $line;
  if ($what eq 'mark') {
    syscall($n + 0, 0, 0, 0);
    print "0\\n";
  } else {
    my $begin = cpu_time();
    if ($what eq 'plain') { for (1 .. $n) { $one ^= $other; getppid() } }
    else { for (1 .. $n) { $one ^= $other; sysread($zero, $byte, 1) } }
    print cpu_time() - $begin, "\\n";
  }
}
`;

/** CPU time per call, one value per burst, ns. */
export interface Bursts {
  readonly plain: readonly number[];
  readonly read: readonly number[];
}

/** The loop that measures the cost of tracing. */
export interface Loop extends AsyncDisposable {
  readonly pid: number;
  /** Makes the call with this number once. */
  mark(number: number): Promise<void>;
  /** Makes alternating bursts of plain calls and reads. */
  phase(): Promise<Bursts>;
}

/** Why the loop cannot run: perl is missing or lacks what the loop needs. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
}

/** Starts the loop; `join` moves it into its cgroup. Rejects with LoopError. */
export async function startLoop(join: (pid: number) => void): Promise<Loop> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'perl', '-e', script, 'ocibench-loop'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  await once(child, 'spawn').catch((error: Error) => {
    throw new LoopError(error.message);
  });
  const pid = child.pid ?? 0;
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (command: string): Promise<number> => {
    child.stdin.write(`${command}\n`);
    const { value, done } = await answers.next();
    const answer = done ? Number.NaN : Number(value);
    if (!Number.isFinite(answer)) throw new LoopError(said.trim() || 'it has ended');
    return answer;
  };
  const end = async () => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  try {
    join(pid);
    // The first answer shows that the loop runs.
    await ask('plain 1');
  } catch (error) {
    await end();
    throw error instanceof LoopError ? error : new LoopError(String(error));
  }
  return {
    pid,
    mark: async (number) => void (await ask(`mark ${number}`)),
    async phase() {
      const plain: number[] = [];
      const read: number[] = [];
      for (let burst = 0; burst < burstsOfPhase; burst++) {
        plain.push((await ask(`plain ${burstCalls}`)) / burstCalls);
        read.push((await ask(`read ${burstCalls}`)) / burstCalls);
      }
      return { plain, read };
    },
    [Symbol.asyncDispose]: end,
  };
}
