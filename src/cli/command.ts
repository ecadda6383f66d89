import type { AppContext } from '../app/context.ts';
import type { Message } from '../messages/message.ts';
import type { ExitCode } from '../model/error.ts';
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
}

interface ArgumentDefinition {
  /** `<run>`, `[what]` or `<words...>` */
  readonly name: string;
  readonly words: Message;
}

/** Input of a command beside its flags. */
interface CommandContext {
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
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Absent for a group. `words`: the arguments; `flags`: the options as typed. */
  run?(context: CommandContext, flags: Flags, words: readonly string[]): Promise<ExitCode>;
}

/** Defines a command whose flags have the type `Flags`. */
export function defineCommand<Flags>(definition: CommandDefinition<Flags>): CommandDefinition {
  return definition as CommandDefinition;
}
