import { CommanderError } from 'commander';
import { EngineError } from '../core/engine/engine.ts';
import { external } from '../core/messages/compose.ts';
import { notices } from '../core/messages/define.ts';
import { recalled } from '../core/messages/record.ts';
import { type ExitCode, exitCodes, formatProblems, OcibenchError } from '../core/model/failure/error.ts';
import { diskFullIn, writeError } from '../core/model/machine/disk-error.ts';
import type { Terminal } from './terminal.ts';

const text = notices('cli', {
  error: 'ocibench: {error}',
  daemonFailed: 'ocibench: the Docker daemon failed: {error}. To fix it:',
  freeDaemonDisk:
    '  free disk space where the daemon keeps its data (embedded engine: OCIBENCH_STATE, or /var/lib/ocibench)',
  seeDaemonLog: '  read its log (journalctl -u docker), then run the command again',
  fault: 'ocibench: this is a bug in ocibench; please report it: {stack}',
});

/** Writes why a command failed; returns its exit code. */
export function explain(thrown: unknown, terminal: Terminal): ExitCode {
  const error = writeError(thrown);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.misuse;
  if (error instanceof OcibenchError) {
    terminal.warn(text.error({ error: recalled(error, 'message') }));
    for (const said of formatProblems(error.problems, terminal.lang)) terminal.warn(external(said));
    return error.exitCode;
  }
  if (error instanceof EngineError) {
    terminal.warn(text.daemonFailed({ error: error.message }));
    terminal.warn(diskFullIn(error.message) === null ? text.seeDaemonLog : text.freeDaemonDisk);
    return exitCodes.noEngine;
  }
  const stack = (error instanceof Error ? error.stack : null) ?? String(error);
  terminal.warn(text.fault({ stack }));
  return exitCodes.someFailed;
}
