#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { askedLanguage, speak, spokenError, spokenProblem, userLanguage } from './commands/language.ts';
import { program } from './commands/program.ts';
import { terminal } from './commands/terminal.ts';
import { EngineError } from './engine/engine.ts';
import { diskFullIn, writeError } from './model/disk-error.ts';
import { type ExitCode, exitCodes, OcibenchError } from './model/error.ts';

const { version } = JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string };

/** package.json lies one level above src/, and two above dist/src/. */
function packageFile(): URL {
  const built = import.meta.url.includes('/dist/src/');
  return new URL(built ? '../../package.json' : '../package.json', import.meta.url);
}

function explain(thrown: unknown): ExitCode {
  const error = writeError(thrown);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.misuse;
  if (error instanceof OcibenchError) {
    terminal.warn(`ocibench: ${spokenError(error)}`);
    for (const problem of error.problems) terminal.warn(spokenProblem(problem));
    return error.exitCode;
  }
  if (error instanceof EngineError) {
    terminal.warn(`ocibench: the Docker daemon failed: ${error.message}; what would help:`);
    terminal.warn(
      diskFullIn(error.message) !== null
        ? '  free some space where the daemon keeps its data; of the embedded engine that is OCIBENCH_STATE, or else /var/lib/ocibench'
        : '  look into its log (journalctl -u docker), and start the command again once it is well',
    );
    return exitCodes.noEngine;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  terminal.warn(`ocibench: this is a fault of ocibench itself, please report it: ${stack}`);
  return exitCodes.someFailed;
}

/** One command, from the arguments of this process to its end. */
async function main(): Promise<never> {
  // What is written is never for others to change, whatever they were that started this (some CI has umask 000).
  process.umask(process.umask() | 0o022);
  // A reader that goes away (`ocibench list | head`), or a terminal (EIO), must not take a run with it: what nobody wants any
  // more is dropped.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });

  speak(askedLanguage(process.argv.slice(2)) ?? userLanguage());
  let exitCode: ExitCode = exitCodes.ok;
  try {
    await program(version, async (code) => {
      exitCode = await code;
    }).parseAsync();
  } catch (error) {
    exitCode = explain(error);
  }
  // A pipe takes what is written to it in its own time; what is still on its way would be lost with the process.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  process.exit(exitCode);
}

await main();
