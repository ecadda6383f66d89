import { isDeepStrictEqual } from 'node:util';
import { provenance } from '../analyze/provenance.ts';
import { isIncomplete, recordableEntry } from '../config/recordable-entry.ts';
import { exitCodes, OcibenchError, type Problem } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { type CommonFlags, loadResolution } from './configuration.ts';
import { registeredRuntimes } from './registered.ts';

/**
 * The runtimes of a recorded run, to be started again. Where the record leaves out a value that might be a secret, the entry is
 * read again from daemon.json and bench.config.ts. OcibenchError (exit 2) where it is no longer what it was.
 */
export async function entriesAgain(
  { runId, runtimes }: RunRecord,
  flags: CommonFlags,
): Promise<readonly RuntimeEntry[]> {
  const recorded = runtimes.map(({ entry }) => entry);
  if (!recorded.some(isIncomplete)) return recorded;
  const { variants, daemonJson } = await loadResolution(flags);
  const registered = await registeredRuntimes(daemonJson, variants);
  return recorded.map((entry) => {
    if (!isIncomplete(entry)) return entry;
    const now = registered.entries.find(({ name }) => name === entry.name);
    if (now !== undefined && isDeepStrictEqual(recordableEntry(now), entry)) return now;
    throw new OcibenchError('this run cannot be resumed: a runtime is no longer registered as it was', {
      exitCode: exitCodes.misuse,
      problems: [
        {
          file: registered.file ?? 'daemon.json',
          key: `runtimes.${entry.name}`,
          message: `differs from what run ${runId} measured; its record holds no arguments that may be secret`,
          fix: 'give the daemon.json and the configuration of that run:  --daemon-json FILE --config FILE',
        },
      ],
    });
  });
}

/** OcibenchError (exit 2) that names every difference between the recorded run and the host of now. */
export function refuseChanges(recorded: RunRecord, now: RunRecord): void {
  const current = provenance(now);
  const problems: Problem[] = [];
  for (const [key, was] of provenance(recorded)) {
    const is = current.get(key) ?? 'none';
    if (is !== was)
      problems.push({
        file: `run ${recorded.runId}`,
        key,
        message: `was ${was} and is now ${is}`,
        fix: 'start a new run: what was measured before cannot be compared with what would be measured now',
      });
  }
  if (problems.length > 0)
    throw new OcibenchError('this run cannot be resumed: what it measured has changed', {
      exitCode: exitCodes.misuse,
      problems,
    });
}
