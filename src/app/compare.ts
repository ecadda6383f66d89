import { compareRuns } from '../core/analyze/compare-runs.ts';
import { differences } from '../core/analyze/provenance.ts';
import type { RunRequest } from '../core/config/command-line.ts';
import { notices, reasons } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import { misuse, problemOf, refusal } from '../core/model/error.ts';
import type { GateReport } from '../core/model/gate.ts';
import type { RunRecord } from '../core/model/run.ts';
import type { RunComparison } from '../core/model/run-comparison.ts';
import type { AppContext } from './context.ts';
import { analysisOf } from './measure/conclude.ts';
import { type Configuration, languageOf, openConfiguration } from './measure/configuration.ts';
import { configuredGates, judgeRun } from './measure/gates.ts';
import { resultsOf, runPair } from './measure/past-runs.ts';
import { refuseUnknownWorkloads } from './measure/stored-run.ts';
import { findReadable } from './readable-run.ts';

const text = notices('compare', {
  different: '{before} and {after} cannot be held against each other as they are',
  chosen: 'comparing {before} with {after}',
});
const why = reasons('compare', {
  sameRun: {
    message: 'is the same run twice, which shows no change',
    fix: 'name two runs, or none for the newest and the one before it; all of them:  @(list runs)',
  },
  difference: {
    message: 'is {is} and was {was} in {before}: a difference between the runs may be its doing',
    fix: 'where just that is to be measured:  --accept {key}   (several with commas, or all)',
  },
});

/** Flags of `ocibench compare`, as typed. */
export interface CompareFlags extends Pick<RunRequest, 'out' | 'lang' | 'config'> {
  /** Keys of the provenance that may differ, separated by commas; `all` for every key. */
  readonly accept?: string;
}

/**
 * OcibenchError (exit 2) that names every difference in provenance that was not accepted. Such a difference could be mistaken
 * for a change in cost.
 */
function refuseDifferences(before: RunRecord, after: RunRecord, accepted: readonly string[]): void {
  const open = accepted.includes('all')
    ? []
    : differences(before, after).filter(({ key }) => !accepted.includes(key));
  if (open.length === 0) return;
  throw misuse(
    text.different({ before: before.runId, after: after.runId }),
    open.map(({ key, was, is }) =>
      problemOf({ file: after.runId, key }, why.difference({ is, was, before: before.runId, key })),
    ),
  );
}

/** OcibenchError (exit 2) where both names mean the same run. */
function refuseSameRun(before: RunRecord, after: RunRecord): void {
  if (before.runId !== after.runId) return;
  throw refusal(
    text.different({ before: before.runId, after: after.runId }),
    { file: after.runId, key: '' },
    why.sameRun,
  );
}

/** Compares two stored runs, those of {@link runPair}; also returns the language to report in. */
export async function compareStoredRuns(
  app: AppContext,
  named: readonly string[],
  flags: CompareFlags,
): Promise<{ readonly found: RunComparison; readonly gate: GateReport | null; readonly lang: Lang }> {
  const configuration = await openConfiguration(app, flags, { here: false });
  const names = await runPair(app, named, flags);
  if (named.length < 2) app.reporter.log(text.chosen(names));
  const load = (name: string) => loadAnalysed(app, resultsOf(app, flags.out), name, configuration, flags);
  const before = await load(names.before);
  const after = await load(names.after);
  refuseSameRun(before.run, after.run);
  const accepted = (flags.accept ?? '').split(',').map((key) => key.trim());
  refuseDifferences(before.run, after.run, accepted);
  const lang = flags.lang === undefined ? after.run.config.lang : languageOf(flags.lang);
  const gate = await gateOf(app, configuration, flags, { before, after });
  return { found: compareRuns(before, after), gate, lang };
}

/** Judges the later run by the gate of the configuration named by `--config`; null without a gate. */
async function gateOf(
  app: AppContext,
  configuration: Configuration,
  flags: CompareFlags,
  { before, after }: { readonly before: AnalysedRun; readonly after: AnalysedRun },
): Promise<GateReport | null> {
  const { run, trials, workloads } = after;
  const recorded = [before, after].flatMap((each) => each.run.runtimes.map(({ entry }) => entry.name));
  const gates = await configuredGates(app, configuration, flags, { workloads, recorded, isAsked: false });
  if (gates.gates.length === 0) return null;
  return judgeRun(app, gates, { run, trials, workloads, before }, flags);
}

type AnalysedRun = Awaited<ReturnType<typeof loadAnalysed>>;

async function loadAnalysed(
  app: AppContext,
  results: string,
  name: string,
  configuration: Configuration,
  flags: CompareFlags,
) {
  const { run, trials } = await app.store.loadRun((await findReadable(app, name, results)).path);
  const workloads = await configuration.workloads(run.config.services);
  refuseUnknownWorkloads(run, workloads, flags);
  return { run, trials, workloads, ...analysisOf(run, trials, workloads) };
}
