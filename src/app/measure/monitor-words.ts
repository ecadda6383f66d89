import { type RunProgram, runProgram } from '../../core/host/programs.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import { familyOfEntry } from '../../core/runtimes/registry.ts';

/** Timeout of journalctl, ms, and the last lines that it gives. */
const limits = { ms: 3_000, lines: 200 };

/**
 * What virtual machine monitors of a runtime said since some seconds, from the lines that shims of root wrote into this host's
 * journal; null without any. Another sandbox of the host may be among them: they are words to show, no facts to judge by.
 */
export async function monitorWords(
  entry: RuntimeEntry,
  seconds: number,
  run: RunProgram = runProgram,
): Promise<string | null> {
  const { ownLog } = familyOfEntry(entry);
  if (ownLog === undefined) return null;
  const since = `--since=-${Math.ceil(seconds)}s`;
  const { exitCode, stdout } = await run(
    'journalctl',
    [
      '--quiet',
      '--no-pager',
      '--output=cat',
      `--lines=${limits.lines}`,
      since,
      // The kernel's word on who wrote: dockerd writes what containers print, under any identifier (log driver journald).
      `SYSLOG_IDENTIFIER=${ownLog.identifier}`,
      '_UID=0',
      '_COMM=containerd-shim',
    ],
    { timeoutMs: limits.ms },
  );
  return exitCode === 0 ? ownLog.monitorSaid(stdout) : null;
}
