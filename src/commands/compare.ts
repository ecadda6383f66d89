import { join, resolve } from 'node:path';
import { compareRuns, hasRegression } from '../analyze/compare-runs.ts';
import { differences } from '../analyze/provenance.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import { runComparisonTable } from '../report/run-comparison-table.ts';
import { findRun, loadRun } from '../store/run-directory.ts';
import { analysisOf } from './conclude.ts';
import { allWorkloads, type CommonFlags, languageOf } from './configuration.ts';
import { refuseUnknownWorkloads } from './stored-run.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench compare`, as typed. */
export interface CompareFlags extends Pick<CommonFlags, 'out' | 'lang' | 'json' | 'config'> {
  /** Keys of the provenance that may differ, with commas between; `all` for every one. */
  readonly accept?: string;
}

/** OcibenchError (exit 2) that names every difference that was not accepted: it would pass for one in what runtimes cost. */
function refuseDifferences(before: RunRecord, after: RunRecord, accepted: readonly string[]): void {
  const open = accepted.includes('all')
    ? []
    : differences(before, after).filter(({ key }) => !accepted.includes(key));
  if (open.length === 0) return;
  throw new OcibenchError(
    `${before.runId} and ${after.runId} cannot be held against each other as they are`,
    {
      exitCode: exitCodes.misuse,
      problems: open.map(({ key, was, is }) => ({
        file: after.runId,
        key,
        message: `is ${is} and was ${was} in ${before.runId}: a difference between the runs may be its doing`,
        fix: `where just that is to be measured:  --accept ${key}   (several with commas, or all)`,
      })),
    },
  );
}

async function comparedRun(name: string, out: string, workloads: readonly Workload[], flags: CompareFlags) {
  const { run, trials } = await loadRun(await findRun(name, join(out, 'results')));
  refuseUnknownWorkloads(run, workloads, flags);
  return { run, ...analysisOf(run, trials, workloads) };
}

/** `ocibench compare BEFORE AFTER`: exit 1 where something changed for the worse. */
export async function compareCommand(
  beforeName: string,
  afterName: string,
  flags: CompareFlags,
): Promise<ExitCode> {
  const out = resolve(flags.out ?? '.');
  const workloads = await allWorkloads(flags, { here: false });
  const before = await comparedRun(beforeName, out, workloads, flags);
  const after = await comparedRun(afterName, out, workloads, flags);
  refuseDifferences(
    before.run,
    after.run,
    (flags.accept ?? '').split(',').map((key) => key.trim()),
  );
  const found = compareRuns(before, after);
  const lang = flags.lang === undefined ? after.run.config.lang : languageOf(flags.lang);
  if (flags.json) terminal.json(found);
  else terminal.result(runComparisonTable(found, lang));
  return hasRegression(found) ? exitCodes.someFailed : exitCodes.ok;
}
