import { notices } from '../../src/core/messages/define.ts';
import { capabilities } from '../../src/core/model/machine/capability.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';

/**
 * The highest number of a system call that is tried; Linux 6.18 ends at 470 (`arch/x86/entry/syscalls/syscall_64.tbl`).
 */
const lastSystemCall = 470;

/**
 * The program of `isolation/facts`, in Perl (perl-base and busybox suffice). It prints `name<tab>value` lines: what a
 * process can read about the kernel it runs on, then every system call by number with its errno (`0:9 1:9 …`; 0 where
 * the call succeeded), and `end`.
 *
 * System calls are made in a child with −1 as every argument. −1 is not a descriptor, pointer, size or set of flags, so
 * the kernel refuses before it has done anything. A few calls get other arguments, because −1 would have an effect or
 * the answer of a missing call. A few are not tried at all: they end or copy the process, wait for ever, return from a
 * signal, stop the machine, or make the host write out its caches. Numbers that no call ever had are left out (x86-64
 * and the generic table of aarch64 both have a gap below 424). Where a call ends the child, or is silent for 300 ms,
 * another child continues after it.
 */
export const isolationScript = String.raw`
use strict;
use warnings;
use POSIX ();
$| = 1;
my ($system, $node, $release, $version, $machine) = POSIX::uname();
sub fact { my ($name, $value) = @_; $value =~ s/\s+/ /g; $value =~ s/^ | $//g; print "$name\t$value\n" }
sub file { my ($path) = @_; open(my $in, '<', $path) or return ''; local $/; return scalar(<$in>) // '' }
sub names { my ($path) = @_; opendir(my $dir, $path) or return (); return sort grep { !/^\.\.?$/ } readdir $dir }

my $status = file('/proc/self/status');
my $info = file('/proc/cpuinfo');
my @mounts = map { [split / /] } split /\n/, file('/proc/self/mounts');
fact('release', $release);
fact('version', $version);
fact('machine', $machine);
fact('hostname', $node);
fact('capabilities', $status =~ /^CapEff:\s*(\S+)/m ? $1 : '');
fact('seccomp', $status =~ /^Seccomp:\s*(\S+)/m ? $1 : '');
fact('no_new_privs', $status =~ /^NoNewPrivs:\s*(\S+)/m ? $1 : '');
fact('uid_map', join ', ', map { s/^\s+//r } split /\n/, file('/proc/self/uid_map'));
fact('cgroup', join ' ', split /\n/, file('/proc/self/cgroup'));
fact('label', file('/proc/self/attr/current') =~ s/\0//gr);
fact('cpu_model', $info =~ /^model name\s*:\s*(.*)$/m ? $1 : '');
fact('cpus', scalar(() = $info =~ /^processor\s*:/mg));
fact('memory_kib', file('/proc/meminfo') =~ /^MemTotal:\s*(\d+) kB/m ? $1 : '');
fact('devices', join ' ', names('/dev'));
fact('processes', scalar(grep { /^\d+$/ } names('/proc')));
fact('interfaces', join ' ', file('/proc/net/dev') =~ /^\s*([^\s:]+):/mg);
fact('mounts', scalar @mounts);
fact('mounts_writable', join ' ', map { $_->[1] } grep { $_->[3] =~ /(^|,)rw(,|$)/ } @mounts);
my $log = ${'`'}/bin/busybox dmesg 2>/dev/null${'`'};
fact('dmesg', $? != 0 ? 'refused' : $log =~ /gVisor/ ? 'gvisor' : $log =~ /Linux version/ ? 'linux' : $log eq '' ? 'empty' : 'other');

my %table = (
  # skipped: rt_sigreturn pause fork vfork exit sync reboot exit_group; others: kill(no such pid), msgget(no such key), futex(WAKE)
  x86_64 => {
    tried => [0 .. 336, 424 .. ${lastSystemCall}],
    skipped => [15, 34, 57, 58, 60, 162, 169, 231],
    arguments => { 62 => [0x7ffffff0, 0], 68 => [0x0cb1, 0], 202 => [-1, 1, 0] },
  },
  # skipped: sync exit exit_group rt_sigreturn reboot
  aarch64 => {
    tried => [0 .. 243, 260 .. 294, 424 .. ${lastSystemCall}],
    skipped => [81, 93, 94, 139, 142],
    arguments => { 98 => [-1, 1, 0], 129 => [0x7ffffff0, 0], 186 => [0x0cb1, 0] },
  },
);
my $own = $table{$machine} or die "the system calls of $machine are not known\n";
my %skipped = map { $_ => 1 } @{ $own->{skipped} };
my @left = grep { !$skipped{$_} } @{ $own->{tried} };
my (@answers, @ended);
while (@left) {
  pipe(my $from, my $to) or die "pipe: $!\n";
  my $child = fork() // die "fork: $!\n";
  if ($child == 0) {
    close $from;
    open(STDERR, '>', '/dev/null');
    for my $number (@left) {
      my @arguments = @{ $own->{arguments}{$number} // [(-1) x 6] };
      $! = 0;
      my $result = syscall($number, @arguments);
      my $errno = $result == -1 ? $! + 0 : 0;
      syswrite($to, "$number:$errno\n");
    }
    POSIX::_exit(0);
  }
  close $to;
  my ($text, $bits) = ('', '');
  vec($bits, fileno $from, 1) = 1;
  while (select(my $ready = $bits, undef, undef, 0.3)) {
    sysread($from, $text, 65536, length $text) or last;
  }
  kill 'KILL', $child;
  waitpid $child, 0;
  my @told = $text =~ /^(\d+:\d+)$/mg;
  push @answers, @told;
  splice @left, 0, scalar @told;
  push @ended, shift @left if @left;
}
fact('calls', join ' ', @answers);
fact('calls_ended', join ' ', @ended);
fact('calls_skipped', join ' ', sort { $a <=> $b } keys %skipped);
print "end\n";
`;

/**
 * Names of the set bits of a mask of /proc/PID/status (hex, 16 digits); `bit N` where the kernel is newer than the
 * table.
 */
export function capabilityNames(hex: string): readonly string[] {
  const mask = BigInt(`0x${hex}`);
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (mask >> BigInt(bit)) & 1n)
    .map((bit) => capabilities[bit] ?? `bit ${bit}`);
}

const says = notices('tool.isolation', {
  cutShort: 'the script did not come to its end: {output}',
  noLine: 'not a line of the script: {output}',
  notTold: "the script did not tell ''{name}''",
  impossible: "''{name}'' is {text}, which cannot be",
  noCall: 'not a system call and its errno: {output}',
  outOfOrder: 'system calls are not told of in their order',
  tooFewCalls: 'only {tried} system calls were tried',
});

/** errno of a call that the kernel lacks, and of one that a filter or a missing capability refuses. */
const errnos = { EPERM: 1, ENOSYS: 38 } as const;

/** Checked output of the script of `isolation/facts`. A missing or impossible part throws ParseError. */
export interface IsolationReport {
  readonly text: (name: string) => string;
  readonly words: (name: string) => readonly string[];
  readonly number: (name: string, low: number, high: number) => number;
  readonly calls: { readonly answered: number; readonly refused: number; readonly absent: number };
}

/** Parse the output of the script of `isolation-script.ts`. */
export function readIsolation(stdout: string): IsolationReport {
  const lines = stdout.split('\n');
  if (lines.at(-2) !== 'end' || lines.at(-1) !== '')
    throw new ParseError(says.cutShort({ output: JSON.stringify(stdout.slice(-120)) }));
  const said = new Map<string, string>();
  for (const line of lines.slice(0, -2)) {
    const [, name, value] = /^([a-z_]+)\t([^\t]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || said.has(name))
      throw new ParseError(says.noLine({ output: JSON.stringify(line.slice(0, 120)) }));
    said.set(name, value);
  }
  const text = (name: string): string => {
    const value = said.get(name);
    if (value === undefined) throw new ParseError(says.notTold({ name }));
    return value;
  };
  const words = (name: string) => text(name).split(' ').filter(Boolean);
  const number = (name: string, low: number, high: number): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value) || value < low || value > high)
      throw new ParseError(says.impossible({ name, text: text(name).slice(0, 40) }));
    return value;
  };
  return { text, words, number, calls: callsOf(words) };
}

/** Every tried call is reported once, in ascending order. */
function callsOf(words: IsolationReport['words']): IsolationReport['calls'] {
  const calls = words('calls').map((word) => {
    const [, number, errno] = /^(\d{1,3}):(\d{1,4})$/.exec(word) ?? [];
    if (number === undefined || Number(number) > lastSystemCall)
      throw new ParseError(says.noCall({ output: JSON.stringify(word.slice(0, 40)) }));
    return { number: Number(number), errno: Number(errno) };
  });
  if (calls.some(({ number }, i) => number <= (calls[i - 1]?.number ?? -1)))
    throw new ParseError(says.outOfOrder);
  const tried = calls.length + words('calls_ended').length;
  // Both tables have more than 280 tried calls; every Linux has read, write and getpid.
  if (tried < 280) throw new ParseError(says.tooFewCalls({ tried }));
  const having = (errno: number) => calls.filter((call) => call.errno === errno).length;
  const [refused, absent] = [having(errnos.EPERM), having(errnos.ENOSYS)];
  return { answered: calls.length - refused - absent, refused, absent };
}
