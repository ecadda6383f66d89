import names from './call-names.json' with { type: 'json' };

/** Names of what gVisor prints as numbers, for the calls in which it matters (include/uapi/linux/ of Linux 6.18). */
type Names = Readonly<Record<string, string>>;

const socketOptions: Readonly<Record<string, Names>> = names.socketOptions;

/** A number that the log begins an argument with, `0x2f` or `5 …`; null where it begins with something else. */
export function numberOf(argument: string | undefined): number | null {
  const found = /^(?:0x[0-9a-f]+|\d+)(?=$|\s)/.exec(argument ?? '')?.[0];
  return found === undefined ? null : Number(found);
}

const named = (known: Names, argument = ''): string => known[numberOf(argument) ?? ''] ?? plain(argument);

/** Larger numbers are addresses, which say nothing. */
const largestNumber = 0xffff_ffff;
const rest = '…';

/** An argument without the address in front of what is there: `0x7ffc00 /etc/passwd` → `/etc/passwd`. */
function plain(given: string): string {
  const argument = given.replace(/(?<=\w)\|0x0$/, '').replace(/^AT_FDCWD .*/s, 'AT_FDCWD');
  const value = numberOf(argument);
  if (value === null || value <= 0xffff) return argument;
  const shown = argument.replace(/^\S+\s*/, '');
  return shown !== '' ? shown : value > largestNumber ? rest : argument;
}

/** Longest text of arguments, UTF-16 units. */
const longest = 200;

/** Without texts and lists: what a program sends, its arguments and its environment can be secret. Paths have no quotes here. */
const withoutTexts = (argument: string): string =>
  argument.replace(/\["[\s\S]*$/, rest).replaceAll(/"(?:[^"\\]|\\.)*"?/g, rest);

/** The arguments of a call for people: numbers with a name have it, and what tells nothing is `…`. */
export function argumentsShown(call: string, all: readonly string[]): string {
  const [first, second, third] = all;
  const shown = (parts: readonly string[]) => [...parts, ...(all.length > parts.length ? [rest] : [])];
  const parts = (() => {
    if (call === 'prctl') {
      const option = named(names.prctl, first);
      if (option === 'PR_CAP_AMBIENT') return shown([option, named(names.ambient, second)]);
      return shown([option, ...(second === undefined ? [] : [plain(second)])]);
    }
    if (call === 'arch_prctl') return shown([named(names.archPrctl, first)]);
    if (call === 'setsockopt' || call === 'getsockopt') {
      const level = named(names.socketLevels, second);
      return shown([plain(first ?? ''), level, named(socketOptions[level] ?? {}, third)]);
    }
    if (call === 'ioctl') return shown([plain(first ?? ''), named(names.ioctl, second)]);
    if (call === 'fcntl') return shown([plain(first ?? ''), named(names.fcntl, second)]);
    if (call === 'execve') return shown([plain(first ?? '')]);
    if (call === 'execveat') return shown([plain(first ?? ''), plain(second ?? '')]);
    return all.map(plain);
  })().map(withoutTexts);
  const text = parts.filter((part, i) => part !== rest || parts[i - 1] !== rest).join(', ');
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}${rest}`;
}
