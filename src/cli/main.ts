import type { AppContext, Environment } from '../app/context.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { terminalLines } from '../report/sanitize.ts';
import { environmentOf, liveContext } from './context.ts';
import { explain } from './explain.ts';
import { askedLanguage } from './language.ts';
import type { PrintFlags } from './print-run.ts';
import { loadCommands, program } from './program.ts';
import { openTerminal, type Streams, type Terminal } from './terminal.ts';

/** What a command line runs in. */
export interface MainOptions {
  /** Without the program itself. */
  readonly words: readonly string[];
  readonly version: string;
  readonly streams: Streams;
  readonly variables: NodeJS.ProcessEnv;
  /** Tests put another world here. */
  readonly contextOf?: (terminal: Terminal, environment: Environment, flags: PrintFlags) => AppContext;
}

/** One command, from its words to its exit code. */
export async function main(options: MainOptions): Promise<ExitCode> {
  const { words, version, streams, variables, contextOf = liveContext } = options;
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
        if (flags.quiet) terminal.beQuiet();
        if (flags.verbose) terminal.beVerbose();
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
