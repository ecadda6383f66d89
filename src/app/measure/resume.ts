import { realpath } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { changesFigures, provenance } from '../../core/analyze/runs/provenance.ts';
import { recordableEngine, recordableEntry } from '../../core/config/engine-shape.ts';
import { findProgram } from '../../core/files/programs.ts';
import { runtimeDigest } from '../../core/host/runtimes.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../core/model/failure/error.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import type { EngineRequest } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import { runtimeBinary } from '../../core/runtimes/entry.ts';
import type { RegisteredRuntimes } from './registered.ts';

const text = notices('resume', {
  runtimeChanged: 'this run cannot be resumed: a runtime is no longer registered as it was',
  enginesChanged: 'this run cannot be resumed: its engines are not those that the configuration names',
  unknownWorkloads: 'this run cannot be resumed: some of its own workloads are unknown here',
  changed: 'this run cannot be resumed: what it measured has changed',
});
const why = reasons('resume', {
  registeredOtherwise: {
    message: 'differs from what run {run} measured; its record holds no arguments that may be secret',
    fix: 'give the daemon.json and the configuration of that run:  --set daemonJson=FILE --config FILE',
  },
  other: {
    message: 'was {was} and is now {now}',
    fix: 'start a new run: old and new figures would not be comparable',
  },
  engineOtherwise: {
    message: 'is not the engine that run {run} measured',
    fix: 'give the configuration of that run:  --config FILE',
  },
  unknownWorkload: {
    message: 'comes from a configuration that was not given',
    fix: 'give the configuration of that run:  --config FILE',
  },
});

/** The parts of a recorded entry that decide which program runs. `local`: are the engine's binaries on this host? */
async function executed(
  entry: RuntimeEntry,
  { local, path }: Parameters<typeof entriesAgain>[2],
): Promise<object> {
  const { name, runtimeArgs = [], runtimeType = null, options = {} } = entry;
  const binary = runtimeBinary(entry);
  const found = local && binary !== null ? await findProgram(binary, path) : null;
  // /bin is /usr/bin on most hosts, and the environment decides which of them comes first.
  const program = found === null ? binary : await realpath(found);
  return { name, program, runtimeArgs, runtimeType, options };
}

/**
 * The runtimes of a recorded run as they are registered now. Programs that the record names are never started; only their path
 * and checksum are compared. OcibenchError (exit 2) that names every runtime that changed.
 */
export async function entriesAgain(
  { runId, runtimes }: RunRecord,
  registered: Pick<RegisteredRuntimes, 'entries' | 'file'>,
  where: {
    readonly local: boolean;
    /** PATH of the engine, if it differs from this process's. */
    readonly path?: string | undefined;
  },
): Promise<readonly RuntimeEntry[]> {
  const { local, path } = where;
  const file = registered.file ?? 'daemon.json';
  const entries: RuntimeEntry[] = [];
  const problems: Problem[] = [];
  for (const { entry, sha256 } of runtimes) {
    const now = registered.entries.find(({ name }) => name === entry.name);
    const key = `runtimes.${entry.name}`;
    if (
      now === undefined ||
      !isDeepStrictEqual(await executed(recordableEntry(now), where), await executed(entry, where))
    ) {
      problems.push(problemOf({ file, key }, why.registeredOtherwise({ run: runId })));
      continue;
    }
    const digest = local ? await runtimeDigest(now, path) : sha256;
    if (digest === sha256) entries.push(now);
    else {
      const other = why.other({ was: sha256 ?? 'none', now: digest ?? 'none' });
      problems.push(problemOf({ file, key: `${key}.sha256` }, other));
    }
  }
  if (problems.length === 0) return entries;
  throw misuse(text.runtimeChanged, problems);
}

/**
 * OcibenchError (exit 2) where the configuration names other engines than the run measured. Engines that the record names are
 * never started.
 */
export function refuseOtherEngines({ runId, config }: RunRecord, engines: readonly EngineRequest[]): void {
  const now = engines.map(recordableEngine);
  const { engines: recorded = [] } = config;
  if (isDeepStrictEqual(now, recorded)) return;
  const names = [...new Set([...recorded, ...now].map(({ name }) => name))];
  const differ = names.filter((name) => {
    const [was, is] = [recorded, now].map((all) => all.find((each) => each.name === name));
    return !isDeepStrictEqual(was, is);
  });
  throw misuse(
    text.enginesChanged,
    (differ.length > 0 ? differ : names).map((name) =>
      problemOf({ file: `run ${runId}`, key: `engines.${name}` }, why.engineOtherwise({ run: runId })),
    ),
  );
}

/** OcibenchError (exit 2) where the run measured workloads of a configuration that is not given now. */
export function refuseUnknownWorkloads(
  { runId, subjects }: RunRecord,
  workloads: readonly Pick<Workload, 'id'>[],
): void {
  const known = new Set(workloads.map(({ id }) => id));
  const missing = [...new Set(subjects.map(({ workload }) => workload))].filter((id) => !known.has(id));
  if (missing.length === 0) return;
  throw misuse(
    text.unknownWorkloads,
    missing.map((id) => problemOf({ file: `run ${runId}`, key: id }, why.unknownWorkload)),
  );
}

/** OcibenchError (exit 2) that names every difference between the recorded run and the present host. */
export function refuseChanges(recorded: RunRecord, now: RunRecord): void {
  const current = provenance(now);
  const problems: Problem[] = [];
  for (const [key, was] of provenance(recorded)) {
    const is = current.get(key) ?? 'none';
    if (is !== was && changesFigures({ key }))
      problems.push(problemOf({ file: `run ${recorded.runId}`, key }, why.other({ was, now: is })));
  }
  if (problems.length > 0) throw misuse(text.changed, problems);
}
