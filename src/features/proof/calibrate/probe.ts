import { perlClock } from '../../../core/collect/perl-clock.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Params } from '../../../core/model/trial/cell.ts';
import { ParseError } from '../../../core/model/trial/parser-output.ts';
import type { ContainerRequest, Observation, Workload } from '../../../core/model/workload/workload.ts';

/**
 * The program of a calibration container, in Perl. Arguments are `key=value`:
 * - `delay_ms`: sleep before the first output
 * - `cpu_ms`: CPU time to burn
 * - `touch`: bytes of anonymous memory to touch and hold
 * - `write`: bytes to write with O_DIRECT, then fsync, to /calibrate/file
 * - `forks`: processes that live at once
 * - `life_ms`: sleep between the two lines
 * - `late_cpu_ms`: CPU time to burn between the two lines, after 400 ms of sleep and before 250 ms of it
 *
 * It prints `ready key=value…` when all is done, sleeps, then prints `end key=value…`. The collector is compared with this
 * report. CPU time is from its own CLOCK_PROCESS_CPUTIME_ID (the clock behind getrusage(2), in ns), counted from the program's
 * start, so it excludes CPU time that the runtime used in the same process before exec.
 */
export const probeScript = String.raw`
use strict; use warnings; use Fcntl; use IO::Handle;
${perlClock}
my $wall0 = monotonic(); my $cpu0 = cpu_time();
$| = 1;
my %want = (delay_ms => 0, cpu_ms => 0, touch => 0, write => 0, forks => 0, life_ms => 0, map { split /=/ } @ARGV);

wait_ms($want{delay_ms}) if $want{delay_ms};

burn_until($cpu0 + $want{cpu_ms} * 1e6) if $want{cpu_ms};

my $held = '';
vec($held, $want{touch} - 1, 8) = 1 if $want{touch};

my $written = 0;
if ($want{write}) {
  sysopen(my $out, '/calibrate/file', O_WRONLY | O_CREAT | O_TRUNC | O_DIRECT) or die "open: $!\n";
  my $block = 1 << 20;
  my $buffer = 'x' x (2 * $block);
  my $skip = -unpack('J', pack('p', $buffer)) & ($block - 1);
  while ($written < $want{write}) {
    my $n = syswrite($out, $buffer, $block, $skip);
    defined $n or die "write: $!\n";
    $written += $n;
  }
  $out->sync or die "fsync: $!\n";
}

my @children;
for (1 .. $want{forks}) {
  my $pid = fork; defined $pid or die "fork: $!\n";
  if (!$pid) { sleep 60; exit 0 }
  push @children, $pid;
}
wait_ms(50) if @children;
kill 'KILL', @children; waitpid $_, 0 for @children;

my $ready = monotonic();
printf "ready cpu_ns=%d wall_ns=%d touched=%d written=%d forked=%d\n",
  cpu_time() - $cpu0, $ready - $wall0, length $held, $written, scalar @children;
wait_ms($want{life_ms}) if $want{life_ms};
my $late = 0;
if (defined $want{late_cpu_ms}) {
  wait_ms(400);
  my $begin = cpu_time();
  burn_until($begin + $want{late_cpu_ms} * 1e6) if $want{late_cpu_ms};
  $late = cpu_time() - $begin;
  wait_ms(250);
}
printf "end life_ns=%d late_cpu_ns=%d\n", monotonic() - $ready, $late;
`;

const text = notices('probe', { otherOutput: 'the probe printed {output}' });

/** Task of a probe; a missing key is 0. See {@link probeScript}. */
export interface ProbeTask {
  readonly delay_ms?: number;
  readonly cpu_ms?: number;
  readonly touch?: number;
  readonly write?: number;
  readonly forks?: number;
  readonly life_ms?: number;
  readonly late_cpu_ms?: number;
}

/** The program's report of what it did; times by its own clocks, ns. */
export interface ProbeReport {
  readonly cpuNs: number;
  /** Time from its first instruction to the `ready` line. */
  readonly readyNs: number;
  readonly touched: number;
  readonly written: number;
  readonly forked: number;
  /** Time from the `ready` line to the `end` line; null if the harness ended it before. */
  readonly lifeNs: number | null;
  /** CPU time burned between the two lines; null likewise. */
  readonly lateCpuNs: number | null;
}

const ready = /^ready cpu_ns=(\d+) wall_ns=(\d+) touched=(\d+) written=(\d+) forked=(\d+)$/m;
const end = /^end life_ns=(\d+) late_cpu_ns=(\d+)$/m;

/** Parses a probe's output; null if it is not valid. */
export function parseProbe(stdout: string): ProbeReport | null {
  const match = ready.exec(stdout);
  if (match === null) return null;
  const [cpuNs = 0, readyNs = 0, touched = 0, written = 0, forked = 0] = match.slice(1).map(Number);
  const [lifeNs = null, lateCpuNs = null] = end.exec(stdout)?.slice(1).map(Number) ?? [];
  return { cpuNs, readyNs, touched, written, forked, lifeNs, lateCpuNs };
}

const parameters: Readonly<Record<keyof ProbeTask, string>> = {
  delay_ms: 'sleep before the first output, ms',
  cpu_ms: 'CPU time to burn, ms',
  touch: 'memory to touch and hold, bytes',
  write: 'bytes to write with O_DIRECT',
  forks: 'processes that live at once',
  life_ms: 'sleep after the first output, ms',
  late_cpu_ms: 'CPU time to burn after the first output, 400 ms after it, ms',
};

/** Sleep of a held probe, ms: longer than the harness lets it live. */
const heldForMs = 600_000;

function request(params: Params, observe: Observation): ContainerRequest {
  const all = observe.kind === 'idle' ? { ...params, life_ms: heldForMs } : params;
  const task = Object.entries(all).map(([key, value]) => `${key}=${value}`);
  return {
    command: ['/usr/bin/perl', '-e', probeScript, ...task],
    ...(params.write === undefined ? {} : { mounts: [{ type: 'bind', target: '/calibrate' }] }),
    timeoutMs: 120_000,
  };
}

function probe(name: string, title: string, observe: Observation): Workload {
  return {
    id: `calibrate/${name}`,
    category: 'startup',
    image: 'calibration',
    title,
    description: 'Part of `ocibench doctor calibrate`; see docs/accounting.md.',
    presets: { quick: [], standard: [], full: [] },
    parameters,
    metrics: [],
    precision: 0.03,
    observe,
    container: (params) => request(params, observe),
    parse({ stdout }, params) {
      const report = parseProbe(stdout);
      if (report === null || report.touched !== Number(params.touch ?? 0))
        throw new ParseError(text.otherOutput({ output: JSON.stringify(stdout.slice(0, 80)) }));
      return [];
    },
  };
}

/** The same program under the three ways of observing a trial. */
export const probes = {
  /** Not observed while it runs. */
  quiet: probe('quiet', 'Calibration probe', { kind: 'nothing' }),
  /** The harness takes one snapshot of its processes and its cgroup, then ends it. */
  held: probe('held', 'Calibration probe, looked at while it holds', { kind: 'idle', settleMs: 200 }),
  /** Observed with the time series. */
  sampled: probe('sampled', 'Calibration probe with the sampler on', { kind: 'series' }),
} as const;

export type ProbeKind = keyof typeof probes;
