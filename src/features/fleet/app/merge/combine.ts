import { join, resolve } from 'node:path';
import { acceptedKeys, differenceProblems, loadAnalysed } from '../../../../app/compare.ts';
import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration } from '../../../../app/measure/configuration.ts';
import { type ReadFlags, resultsOf } from '../../../../app/measure/past-runs.ts';
import { refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { isOneHost } from '../../../../core/host/one-host.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { misuse, type Problem, problemOf, refusal } from '../../../../core/model/failure/error.ts';
import type { Combined } from '../../merge/combined-record.ts';
import { combineSessions, type MeasuredSession, sessionOf } from '../../merge/sessions.ts';
import { combinedCsv } from '../../report/csv.ts';

const text = notices('combine', {
  none: 'nothing to combine',
  different: 'these runs cannot be combined',
});
const why = reasons('combine', {
  one: {
    message: 'one run is one session, which does not show how sessions differ',
    fix: 'name at least two runs of this host:  @(list runs)',
  },
  twice: {
    message: 'is named twice',
    fix: 'name each run once',
  },
  otherHost: {
    message: 'was measured on another host ({host}) than {first} ({firstHost})',
    fix: 'merge runs of several hosts:  @(fleet merge PATH)',
  },
  otherBaseline: {
    message: 'its baseline is {is}, and that of {first} is {was}',
    fix: 'combine runs with the same baseline',
  },
  nothing: {
    message: 'these runs have no comparison with an interval in common',
    fix: 'measure the same workloads again with more blocks:  @(run --workloads LIST)',
  },
});

/** Flags of `ocibench fleet combine`, as typed. */
export interface CombineFlags extends ReadFlags {
  /** Keys of the provenance that may differ, separated by commas; `all` for every key. */
  readonly accept?: string;
  /** Directory for combined.json and combined.csv. */
  readonly to?: string;
}

/**
 * Combines stored runs of one host, and writes what `--to` asks for. OcibenchError (exit 2) with everything that keeps them
 * from being one answer.
 */
export async function combineRuns(
  app: AppContext,
  names: readonly string[],
  flags: CombineFlags,
): Promise<{ readonly combined: Combined; readonly written: readonly string[] }> {
  const [only] = names;
  if (names.length < 2) throw refusal(text.none, only ?? '', why.one);
  const place = flags.to === undefined ? null : resolve(app.environment.workingDirectory, flags.to);
  if (place !== null) refuseNotOwn([place], { named: place });
  const configuration = await openConfiguration(app, flags, { here: false });
  const read: MeasuredSession[] = [];
  for (const name of names) {
    const { run, analysis } = await loadAnalysed(app, resultsOf(app, flags.in), name, configuration, flags);
    read.push(sessionOf(run, analysis));
  }
  const sessions = read.toSorted((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1));
  const problems = problemsOf(sessions, acceptedKeys(flags.accept));
  if (problems.length > 0) throw misuse(text.different, problems);
  const combined = combineSessions(sessions, app.environment.version);
  if (combined.comparisons.length === 0) throw refusal(text.none, names.join(', '), why.nothing);
  if (place === null) return { combined, written: [] };
  const written = new Map([
    [join(place, 'combined.json'), `${JSON.stringify(combined, null, 1)}\n`],
    [join(place, 'combined.csv'), combinedCsv(combined)],
  ]);
  await app.store.writeTogether(written);
  return { combined, written: [...written.keys()] };
}

/** Why the runs are not sessions of one host that measured the same. */
function problemsOf(sessions: readonly MeasuredSession[], accepted: readonly string[]): readonly Problem[] {
  return sessions.flatMap(({ run }, index): readonly Problem[] => {
    const earlier = sessions.slice(0, index).map((session) => session.run);
    const [first] = earlier;
    if (first === undefined) return [];
    const problem = (reason: Reason) => [problemOf(run.runId, reason)];
    if (earlier.some(({ runId }) => runId === run.runId)) return problem(why.twice);
    const { runId, host, config } = first;
    if (!isOneHost(host, run.host))
      return problem(why.otherHost({ host: run.host.hostname, first: runId, firstHost: host.hostname }));
    const [was, is] = [config.baseline, run.config.baseline];
    return [
      ...(was === is ? [] : problem(why.otherBaseline({ is, was, first: runId }))),
      // Each key once, with the first earlier run that has another value.
      ...earlier
        .flatMap((other) => differenceProblems(other, run, accepted))
        .filter(({ key }, at, all) => all.findIndex((problem) => problem.key === key) === at),
    ];
  });
}
