import type { Completable } from '../app/completable.ts';
import type { AppContext } from '../app/context.ts';
import type { Message } from '../core/messages/message.ts';
import type { ExitCode } from '../core/model/error.ts';
import type { Terminal } from './terminal.ts';

/** An option of a command, as shown in its help. */
export interface OptionDefinition {
  /** `--out <dir>` */
  readonly flags: string;
  readonly words: Message;
  readonly choices?: readonly string[];
  readonly isRequired?: boolean;
  /** Parses a value; `before` is the option's previous value. */
  readonly parse?: (value: string, before: unknown) => unknown;
  readonly default?: unknown;
  /** What a shell completes its value with, besides choices. */
  readonly completes?: Completable;
  /** Title over it in the help; absent: it is among all others. */
  readonly group?: Message;
}

/** A command line, and what it does. */
export interface Example {
  /** Without the program: `run --preset standard`. */
  readonly line: string;
  /** A line of a shell around it, which stands at `{command}`. */
  readonly wrap?: string;
  readonly words: Message;
}

interface ArgumentDefinition {
  /** `<run>`, `[what]` or `<words...>` */
  readonly name: string;
  /** What a shell completes it with; the command itself checks it. */
  readonly choices?: readonly string[];
  readonly completes?: Completable;
  readonly words: Message;
}

/** Input of a command beside its flags. */
export interface CommandContext {
  readonly app: AppContext;
  readonly terminal: Terminal;
}

/** Input of a command that shells wait for. */
type ShellContext = Pick<CommandContext, 'terminal'> & Pick<AppContext, 'environment'>;

/** One command: flags → use case → print. Its file in `commands/` exports it as `command`. */
export interface CommandDefinition<Flags = object> {
  /** `run`; `lab run` for a command of a group. */
  readonly name: string;
  /** Position in the help of its group. */
  readonly order: number;
  readonly words: Message;
  /** Left out of the help. */
  readonly hidden?: true;
  /** Title over it in the list of commands. */
  readonly group?: Message;
  readonly examples?: readonly Example[];
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Absent for a group. `words`: the arguments; `flags`: the options as typed. */
  run?(context: CommandContext, flags: Flags, words: readonly string[]): Promise<ExitCode>;
  /** Instead of `run`, for what a shell waits for: nothing of the use cases is loaded for it. */
  answer?(context: ShellContext, words: readonly string[]): Promise<ExitCode>;
}

/** Is it more than the name of a group? */
export function canRun({ run, answer }: CommandDefinition): boolean {
  return run !== undefined || answer !== undefined;
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

/** Options that say where something is: a command that follows another needs the same. */
const places = ['--daemon-json', '--config', '--out', '--history', '--context', '--insecure-tcp', '--engine'];

/** Groups of commands whose options of these names are about something else: all of them, or those that are listed. */
const others: Readonly<Record<string, readonly string[]>> = {
  fleet: places,
  merge: places,
  runtimes: places,
  lab: places.filter((flag) => !['--out', '--config'].includes(flag)),
};

/** Which options of a command its followers take over. `words`: those that a command begins with. */
export function placesOf(
  commands: readonly CommandDefinition[],
  words: readonly string[],
): readonly string[] {
  const [group = ''] = words;
  const has = new Set(commandOf(commands, words)?.options?.map(({ flags }) => flags.split(' ')[0] ?? ''));
  return places.filter((flag) => {
    // A run that goes on has its engine in its record.
    if (flag === '--engine' && words.includes('--resume')) return false;
    return has.has(flag) && others[group]?.includes(flag) !== true;
  });
}

/** What was given of them. */
export function givenPlaces(
  commands: readonly CommandDefinition[],
  { name }: CommandDefinition,
  flags: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | true>> {
  return Object.fromEntries(
    placesOf(commands, name.split(' ')).flatMap((flag) => {
      const value = flags[flag.slice(2).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
      return typeof value === 'string' || value === true ? [[flag, value]] : [];
    }),
  );
}
