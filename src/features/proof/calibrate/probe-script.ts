import { perlClock } from '../../../core/collect/perl-clock.ts';

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
 * It prints `ready key=value…` once all is done, sleeps, prints `end key=value…`. Its report is the truth with which
 * the collector is compared. CPU time is its own CLOCK_PROCESS_CPUTIME_ID (the clock behind getrusage(2), in ns),
 * counted from the program's begin. CPU that the runtime burned in the same process before exec is therefore excluded.
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
