import type { AppContext, Environment } from '../app/context.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { terminalLines } from '../report/sanitize.ts';
import { environmentOf } from './environment.ts';
import { explain } from './explain.ts';
import { askedLanguage } from './language.ts';
import type { PrintFlags } from './print-run.ts';
import { loadCommands, program } from './program.ts';
import { openTerminal, type Streams, type Terminal } from './terminal.ts';

/** Input of the program. */
export interface MainOptions {
  /** Arguments without the program itself. */
  readonly words: readonly string[];
  readonly version: string;
  readonly streams: Streams;
  readonly variables: NodeJS.ProcessEnv;
  /** Makes the use cases' context; tests replace it. Left out: the real one. */
  readonly contextOf?: (terminal: Terminal, environment: Environment, flags: PrintFlags) => AppContext;
}

/** Runs one command from its arguments to its exit code. */
export async function main(options: MainOptions): Promise<ExitCode> {
  const { words, version, streams, variables } = options;
  const environment = environmentOf(variables, version);
  const lang = askedLanguage(words) ?? environment.lang;
  const terminal = openTerminal(streams, { lang, environment: variables });
  let exitCode: ExitCode = exitCodes.ok;
  try {
    await program({
      version,
      lang,
      commands: await loadCommands(),
      async act(command, flags: PrintFlags, given) {
        if (flags.quiet) terminal.setQuiet();
        if (flags.verbose) terminal.setVerbose();
        if (command.answer !== undefined) {
          exitCode = await command.answer({ environment, terminal }, given);
          return;
        }
        const contextOf = options.contextOf ?? (await import('./context.ts')).liveContext;
        const app = contextOf(terminal, environment, flags);
        exitCode = (await command.run?.({ app, terminal }, flags, given)) ?? exitCodes.ok;
      },
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(terminalLines(text)),
    }).parseAsync(words, { from: 'user' });
  } catch (error) {
    exitCode = explain(error, terminal);
  }
  return exitCode;
}
