import { perlClock } from '../../src/core/collect/perl-clock.ts';
import { writeScratchFile } from '../../src/core/engine/scratch.ts';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';

/**
 * An OCI runtime, in Perl, that calls a real one and adds a known cost. dockerd registers it like any other
 * runtime. Its own arguments come first and are removed before the real runtime is called:
 *
 * - `--inject-runtime=PATH`: the real one.
 * - `--inject-create-ms=N`, `--inject-start-ms=N`: sleep before `create`, before `start`.
 * - `--inject-cpu-ms=N`: burn CPU before `create`, in this process, which is a child of the shim.
 * - `--inject-bytes=N`: a process outside the container's cgroup that holds N bytes from before `create` until
 *   `delete`. It ends by itself when its shim is gone, so that nothing is left behind.
 */
const injectorScript = String.raw`#!/usr/bin/perl
use strict; use warnings;
${perlClock}
my %inject;
while (@ARGV && $ARGV[0] =~ /^--inject-([a-z]+(?:-[a-z]+)?)=(.*)$/) { $inject{$1} = $2; shift @ARGV }
my ($verb) = grep { /^(create|start|delete)$/ } @ARGV;
my $id = $ARGV[-1] // '';
my $holder = "$0.$id.pid";

sub hold {
  pipe(my $in, my $out) or die "pipe: $!\n";
  my $pid = fork; defined $pid or die "fork: $!\n";
  if ($pid) {
    close $out; <$in>;
    open(my $file, '>', $holder) or die "$holder: $!\n"; print $file $pid; close $file;
    return;
  }
  close $in; POSIX::setsid();
  open(STDIN, '<', '/dev/null'); open(STDOUT, '>', '/dev/null'); open(STDERR, '>', '/dev/null');
  for my $fd (3 .. 255) { POSIX::close($fd) if $fd != fileno $out }
  my $held = ''; vec($held, $inject{bytes} - 1, 8) = 1 if $inject{bytes};
  syswrite $out, "held\n"; close $out;
  # The shim adopts this process; who has PID 1 for a parent has lost it.
  for (1 .. 1200) { wait_ms(100); last if getppid() == 1 }
  POSIX::_exit(0);
}

if (defined $verb && $verb eq 'create') {
  wait_ms($inject{'create-ms'}) if $inject{'create-ms'};
  burn_until(cpu_time() + $inject{'cpu-ms'} * 1e6) if $inject{'cpu-ms'};
  hold() if defined $inject{bytes};
}
wait_ms($inject{'start-ms'}) if defined $verb && $verb eq 'start' && $inject{'start-ms'};
if (defined $verb && $verb eq 'delete' && open(my $file, '<', $holder)) {
  my $pid = <$file>; close $file; unlink $holder;
  kill 'KILL', $pid;
  for (1 .. 200) { last unless kill 0, $pid; wait_ms(5) }
}
exec { $inject{runtime} } $inject{runtime}, @ARGV or die "$inject{runtime}: $!\n";
`;

/** A cost added to a runtime on purpose. */
interface Injection {
  /** Name of the runtime that has it. */
  readonly name: string;
  readonly createMs?: number;
  readonly startMs?: number;
  /** Memory of a process outside the container's cgroup, bytes; 0 is that process without the memory. */
  readonly bytes?: number;
}

/** Injections, each to be compared with the same wrapper without it. */
export const injections = {
  none: { name: 'injected-nothing' },
  create: { name: 'injected-create-100ms', createMs: 100 },
  start: { name: 'injected-start-100ms', startMs: 100 },
  holdNothing: { name: 'injected-holder-0MiB', bytes: 0 },
  hold: { name: 'injected-holder-64MiB', bytes: 64 * 2 ** 20 },
} as const satisfies Record<string, Injection>;

/**
 * Writes the wrapper into `directory` and returns its registrations around the runtime at `realPath`. The directory must allow
 * executing programs.
 */
export async function registerInjectors(
  directory: string,
  realPath: string,
): Promise<readonly RuntimeEntry[]> {
  const path = await writeScratchFile(directory, 'injector', injectorScript, 0o700);
  const argument = (key: string, value: number | undefined) =>
    value === undefined ? [] : [`--inject-${key}=${value}`];
  return Object.values<Injection>(injections).map(({ name, createMs, startMs, bytes }) => ({
    name,
    path,
    runtimeArgs: [
      `--inject-runtime=${realPath}`,
      ...argument('create-ms', createMs),
      ...argument('start-ms', startMs),
      ...argument('bytes', bytes),
    ],
    origin: 'built-in',
  }));
}
