import type { AppContext } from '../app/context.ts';
import { setPair } from '../core/config/set-pair.ts';
import type { Message } from '../core/messages/message.ts';
import type { ExitCode } from '../core/model/failure/error.ts';
import type { Terminal } from './terminal.ts';

/** An option of a command, as shown in its help. */
export interface OptionDefinition {
  /** `--out <dir>` */
  readonly flags: string;
  readonly words: Message;
  readonly choices?: readonly string[];
  readonly isRequired?: boolean;
  /** Parses a value; `before`: the option's previous value. */
  readonly parse?: (value: string, before: unknown) => unknown;
  readonly default?: unknown;
  /** Title of its group in the help; absent: the general group. */
  readonly group?: Message;
}

/** An example of a command line, with its explanation. */
export interface Example {
  /** Without the program: `run --preset standard`. */
  readonly line: string;
  /** A shell line that contains it, at `{command}`. */
  readonly wrap?: string;
  readonly words: Message;
}

interface ArgumentDefinition {
  /** `<run>`, `[what]` or `<words...>` */
  readonly name: string;
  readonly words: Message;
}

/** Input of a command in addition to its flags. */
export interface CommandContext {
  readonly app: AppContext;
  readonly terminal: Terminal;
}

/** One command: flags → use case → print. Its file in `commands/` exports it as `command`. */
export interface CommandDefinition<Flags = object> {
  /** `run`; `lab run` for a command of a group. */
  readonly name: string;
  /** Position in the help of its group. */
  readonly order: number;
  readonly words: Message;
  /** Title of its group in the list of commands. */
  readonly group?: Message;
  /** The help of a group of commands begins with them; that of a command ends with them. */
  readonly examples?: readonly Example[];
  /** Of a group: the command in it whose help explains the options that both have; the group's own help leaves them out. */
  readonly explainedBy?: string;
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Absent for a group. `words`: the arguments; `flags`: the options as typed. */
  run?(context: CommandContext, flags: Flags, words: readonly string[]): Promise<ExitCode>;
}

/** Can the command run, or is it only the name of a group? */
export function canRun({ run }: CommandDefinition): boolean {
  return run !== undefined;
}

/** Defines a command whose flags have the type `Flags`. */
export function defineCommand<Flags>(definition: CommandDefinition<Flags>): CommandDefinition {
  return definition as CommandDefinition;
}

/** The command that these words begin with. */
export function commandOf(
  commands: readonly CommandDefinition[],
  words: readonly string[],
): CommandDefinition | undefined {
  return commands
    .filter(({ name }) => name.split(' ').every((word, at) => words[at] === word))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** Options that say where something is. A suggested follow-up command needs the same values. `--set KEY`: a key of `--set`. */
const places = [
  '--config',
  '--in',
  '--out',
  '--history',
  '--engine',
  '--set daemonJson',
  '--set context',
  '--set insecureTcp',
];

/** Options that have another meaning in these commands, and in those of these groups. */
const others: readonly (readonly [string, readonly string[]])[] = [
  ['fleet merge', places],
  ['lab', places.filter((flag) => !['--in', '--out', '--config'].includes(flag))],
];

/** Commands that read a run with this option only, and write otherwise. */
const readsWith: Readonly<Record<string, string>> = {
  'runtimes explain': '--from',
};

/** The options that a follow-up command takes over. `words`: the first words of that command. */
export function placesOf(
  commands: readonly CommandDefinition[],
  words: readonly string[],
): readonly string[] {
  const { name = '', options = [] } = commandOf(commands, words) ?? {};
  // What is installed is the same for every engine and configuration.
  if (words.includes('--install')) return [];
  const has = new Set(options.map(({ flags }) => flags.split(' ')[0] ?? ''));
  const differs = new Set(others.flatMap(([of, flags]) => (`${name} `.startsWith(`${of} `) ? flags : [])));
  const reads = has.has('--in') && words.includes(readsWith[name] ?? name.split(' ').at(-1) ?? '');
  return places.filter((place) => {
    // A resumed run has its engine in its record.
    if (place === '--engine' && words.includes('--resume')) return false;
    // What one command writes is read by the next, and the other way round.
    if (place === (reads ? '--out' : '--in')) return false;
    return has.has(place.split(' ')[0] ?? '') && !differs.has(place);
  });
}

/** The values of these options that the user gave. */
export function givenPlaces(
  commands: readonly CommandDefinition[],
  { name }: CommandDefinition,
  flags: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | true>> {
  const { set = [] } = flags as { readonly set?: readonly string[] };
  const pairs = set.flatMap((each) => setPair(each) ?? []);
  return Object.fromEntries(
    placesOf(commands, name.split(' ')).flatMap((place) => {
      const [flag = '', key] = place.split(' ');
      const isHome = place === '--in' || place === '--out';
      const ofSet = (name: string) => pairs.find((pair) => pair.key === name)?.value;
      // An engine can be named in both forms.
      const value = isHome
        ? (flags.in ?? flags.out)
        : key === undefined
          ? (flags[flag.slice(2)] ?? ofSet(flag.slice(2)))
          : ofSet(key);
      if (typeof value !== 'string' && value !== true) return [];
      return (isHome ? ['--in', '--out'] : [place]).map((each) => [each, value] as const);
    }),
  );
}
