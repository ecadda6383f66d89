/**
 * Clocks and sleep for Perl programs that have only `perl-base`, which is on every Debian and lacks Time::HiRes:
 * `monotonic()` and `cpu_time()` in ns, by clock_gettime(2); `wait_ms(N)`. CLOCK_PROCESS_CPUTIME_ID is the clock behind
 * getrusage(2), not rounded to ticks.
 */
export const perlClock = String.raw`
use POSIX ();
my %number = (x86_64 => 228, aarch64 => 113, riscv64 => 113, ppc64le => 246, s390x => 260);
my $machine = (POSIX::uname())[4];
my $clock_gettime = $number{$machine} // die "the number of clock_gettime on $machine is not known\n";
sub clock_ns {
  my $time = "\0" x 16;
  syscall($clock_gettime, $_[0] + 0, $time) == 0 or die "clock_gettime: $!\n";
  my ($s, $ns) = unpack 'qq', $time;
  return $s * 1_000_000_000 + $ns;
}
sub monotonic { clock_ns(1) }
sub cpu_time { clock_ns(2) }
sub wait_ms {
  my $until = monotonic() + $_[0] * 1e6;
  while ((my $left = $until - monotonic()) > 0) { select undef, undef, undef, $left / 1e9 }
}
sub burn_until {
  my $x = 1;
  # A look at the clock is a system call, which gVisor pays for in another process: look about once a millisecond.
  while (cpu_time() < $_[0]) { $x = ($x * 69069 + 1) % 4294967296 for 1 .. 20_000 }
}
`;
