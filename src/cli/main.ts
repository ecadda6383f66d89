import { resolve } from 'node:path';
import type { AppContext } from '../app/context.ts';
import type { Environment } from '../app/reporter.ts';
import { callAs, type Invocation } from '../core/messages/command.ts';
import { type ExitCode, exitCodes } from '../core/model/failure/error.ts';
import { terminalLines } from '../report/document/sanitize.ts';
import { type CommandDefinition, givenPlaces, placesOf } from './command.ts';
import { askedLanguage, calledFrom, environmentOf } from './environment.ts';
import { explain } from './explain.ts';
import { refuseFewOpenFiles } from './open-files.ts';
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
  /** Makes the context of the use cases; tests replace it. Default: the real one. */
  readonly contextOf?: (terminal: Terminal, environment: Environment, flags: PrintFlags) => AppContext;
}

/** Runs one command from its arguments to its exit code. */
export async function main(options: MainOptions): Promise<ExitCode> {
  const { words, version, streams, variables } = options;
  const environment = environmentOf(variables, version);
  const lang = askedLanguage(words) ?? environment.lang;
  const terminal = openTerminal(streams, { lang, environment: variables });
  const commands = await loadCommands();
  const call = (typed?: CommandLine) => {
    const { here, inFiles } = callsOf(environment, variables, commands, typed);
    return callAs(here, inFiles);
  };
  let callBack = call();
  let exitCode: ExitCode = exitCodes.ok;
  try {
    await program({
      version,
      lang,
      commands,
      async act(command, flags: PrintFlags, given) {
        callBack();
        callBack = call({ command, flags, words });
        if (flags.quiet) terminal.setQuiet();
        refuseFewOpenFiles();
        const contextOf = options.contextOf ?? (await import('./context.ts')).liveContext;
        const app = contextOf(terminal, environment, flags);
        exitCode = (await command.run?.({ app, terminal }, flags, given)) ?? exitCodes.ok;
      },
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(terminalLines(text)),
    }).parseAsync(words, { from: 'user' });
  } catch (error) {
    exitCode = explain(error, terminal);
  } finally {
    callBack();
  }
  return exitCode;
}

/** A parsed command line. */
interface CommandLine {
  readonly command: CommandDefinition;
  readonly flags: object;
  readonly words: readonly string[];
}

/** How suggested commands are spelled for a process that was started this way: `here` in its output, `inFiles` in its files. */
export function callsOf(
  environment: Pick<Environment, 'program' | 'workingDirectory' | 'isRoot'>,
  variables: NodeJS.ProcessEnv,
  commands: readonly CommandDefinition[],
  typed?: CommandLine,
): { readonly here: Invocation; readonly inFiles: Invocation } {
  const { here, inFiles } = calledFrom(variables, environment);
  const takes = (words: readonly string[]) => placesOf(commands, words);
  const given = typed === undefined ? {} : givenPlaces(commands, typed.command, { ...typed.flags });
  const { name } = typed?.command ?? { name: '' };
  const own = typed === undefined ? null : { name, words: typed.words.slice(name.split(' ').length) };
  return {
    here: { ...here, takes, own, given },
    inFiles: { ...inFiles, takes, own: null, given: fromAnywhere(given, environment.workingDirectory) },
  };
}

/** Options whose value is a path. */
const paths: ReadonlySet<string> = new Set(['--in', '--out', '--config', '--set daemonJson', '--history']);

/** The options with absolute paths, for readers of a file, who may be in any directory. */
function fromAnywhere(
  given: Readonly<Record<string, string | true>>,
  directory: string,
): Readonly<Record<string, string | true>> {
  const path = ([flag, value]: [string, string | true]) =>
    typeof value === 'string' && paths.has(flag) ? [flag, resolve(directory, value)] : [flag, value];
  return Object.fromEntries(Object.entries({ '--in': '.', '--out': '.', ...given }).map(path));
}
