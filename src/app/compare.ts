import { resolve } from 'node:path';
import { compareRuns } from '../core/analyze/runs/compare-runs.ts';
import { changesFigures, differences } from '../core/analyze/runs/provenance.ts';
import { readPlainFile } from '../core/files/plain-file.ts';
import { isOneHost } from '../core/host/one-host.ts';
import { notices, type Reason, reasons } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import type { GateReport } from '../core/model/analysis/gate.ts';
import { misuse, OcibenchError, type Problem, problemOf, refusal } from '../core/model/failure/error.ts';
import type { RunRecord } from '../core/model/run/run.ts';
import type { RunComparison } from '../core/model/run/run-comparison.ts';
import { type SessionSpreads, sessionSpreadsSchema } from '../core/model/run/session-spread.ts';
import { validate } from '../core/store/jsonl.ts';
import { terminalText } from '../report/document/sanitize.ts';
import type { AppContext } from './context.ts';
import { analysisOf } from './measure/conclude.ts';
import { type Configuration, languageOf, openConfiguration } from './measure/configuration.ts';
import { configuredGates, judgeRun } from './measure/gates.ts';
import { type ReadFlags, resultsOf, runPair } from './measure/past-runs.ts';
import { refuseUnknownWorkloads } from './measure/stored-run.ts';
import { findReadable, readAs } from './readable-run.ts';

const text = notices('compare', {
  different: '{before} and {after} cannot be compared as they are',
  chosen: 'comparing {before} with {after}',
  sessions: '{file} does not say how the sessions of these runs differ',
});
const why = reasons('compare', {
  sameRun: {
    message: 'names the same run twice, which shows no change',
    fix: 'name two runs, or none for the newest and the one before it; all of them:  @(list runs)',
  },
  noSessions: {
    message: 'it is not a combined.json of ocibench: {what}',
    fix: 'make it from runs of this host:  @(fleet combine RUN RUN --to DIR)',
  },
  otherSessions: {
    message: 'its sessions were measured on {host} with the baseline {baseline}',
    fix: 'combine runs of the host and the baseline of {run}:  @(fleet combine RUN RUN --to DIR)',
  },
  difference: {
    message: 'is {is} and was {was} in {before}, which may cause a difference between the runs',
    fix: 'if that is what you want to measure:  --accept {key}   (several with commas, or all)',
  },
});

/** Flags of `ocibench compare`, as typed. */
export interface CompareFlags extends ReadFlags {
  /** Keys of the provenance that may differ, separated by commas; `all` for every key. */
  readonly accept?: string;
  /** combined.json of `ocibench fleet combine`, whose variance between sessions is added to the errors. */
  readonly sessions?: string;
}

/** The keys that `--accept` names. */
export function acceptedKeys(accept: string | undefined): readonly string[] {
  return (accept ?? '').split(',').map((key) => key.trim());
}

/**
 * Every difference in provenance that changes figures and was not accepted, as a problem: it could be mistaken for a change in
 * cost. The result names the others.
 */
export function differenceProblems(
  before: RunRecord,
  after: RunRecord,
  accepted: readonly string[],
): readonly Problem[] {
  if (accepted.includes('all')) return [];
  return differences(before, after)
    .filter((one) => changesFigures(one) && !accepted.includes(one.key))
    .map(({ key, was, is }) =>
      problemOf({ file: after.runId, key }, why.difference({ is, was, before: before.runId, key })),
    );
}

/** Reads what {@link CompareFlags.sessions} names. OcibenchError (exit 2) where it is damaged, or of another host or baseline. */
async function readSpreads(
  { environment }: AppContext,
  name: string,
  run: RunRecord,
): Promise<SessionSpreads> {
  const file = resolve(environment.workingDirectory, name);
  const refuse = (key: string, reason: Reason, cause?: unknown) =>
    refusal(text.sessions({ file: name }), { file, key }, reason, cause);
  let value: unknown;
  try {
    value = JSON.parse((await readPlainFile(file, { followLinks: true })).toString('utf8'));
  } catch (cause) {
    if (cause instanceof OcibenchError) throw cause;
    throw refuse('', why.noSessions({ what: (cause as Error).message }), cause);
  }
  const parsed = validate(sessionSpreadsSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    throw refuse(key, why.noSessions({ what: String(issue?.message) }), parsed.error);
  }
  const { host, baseline } = parsed.data;
  if (!isOneHost(host, run.host) || baseline !== run.config.baseline)
    throw refuse('', why.otherSessions({ host: terminalText(host.hostname, 60), baseline, run: run.runId }));
  return parsed.data;
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
  const load = (name: string) => loadAnalysed(app, resultsOf(app, flags.in), name, configuration, flags);
  const before = await load(names.before);
  const after = await load(names.after);
  if (before.run.runId === after.run.runId) throw refusal(text.different(names), names.after, why.sameRun);
  const problems = differenceProblems(before.run, after.run, acceptedKeys(flags.accept));
  if (problems.length > 0) throw misuse(text.different(names), problems);
  const spreads = flags.sessions === undefined ? null : await readSpreads(app, flags.sessions, after.run);
  const lang = flags.lang === undefined ? after.run.config.lang : languageOf(flags.lang);
  const gate = await gateOf(app, configuration, flags, { before, after });
  return { found: compareRuns(before, after, spreads), gate, lang };
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

/** Reads a run of {@link findReadable} and analyses it. */
export async function loadAnalysed(
  app: AppContext,
  results: string,
  name: string,
  configuration: Configuration,
  flags: Pick<CompareFlags, 'config'>,
) {
  const found = await findReadable(app, name, results);
  return readAs(name, found, async () => {
    const { run, trials } = await app.store.loadRun(found.path);
    const workloads = await configuration.workloads(run.config.services);
    refuseUnknownWorkloads(run, workloads, flags);
    return { run, trials, workloads, ...analysisOf(run, trials, workloads) };
  });
}
