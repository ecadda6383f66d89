import type { WorkloadSubject } from '../../core/measure/schedule/subjects.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import { type RunRecord, unsupportedReason } from '../../core/model/run/run.ts';
import { needsEngineCpu } from '../../core/model/runtime/unreachable-engine.ts';
import { oldReleases } from '../../core/runtimes/release-dates.ts';
import type { AppContext } from '../context.ts';

/** Messages of a run in progress and of one that was cut off. */
export const text = notices('measure', {
  interrupted: 'interrupted: ending the trial in flight and cleaning up',
  complete: 'run {run} is complete: there is nothing to continue',
  endedByItself: 'it ended by itself',
  reportAgain:
    'to write its reports again:  @(report {run})\nto continue with some of its comparisons:  @(run --resume {run} --until WORKLOAD:RUNTIME)',
  cutOff: 'run {run} was cut off; to continue it:  @(run --resume {run})',
  goOn: 'continue with:  @(run --resume {run})',
  goOnUntil: 'continue with:  @(run --resume {run} --until {until})',
  nothingMeasured: 'interrupted before anything was measured',
  measuredIsIn: 'what was measured is in {path}; once the cause is fixed:',
  measuredUntilThen: 'what was measured until then is in {path}; once the cause is fixed:',
  writeReports: 'write its reports with:  @(report {run})',
  kept: 'kept for the next run: {n, plural, one {{n} image in Docker ({size}) and its files} other {{n} images in Docker ({size}) and their files}} in {directory}; to remove them:  @(clean --images --cache)',
  engine: 'engine: {kind}, {product} {version} at {endpoint}, cgroup v{cgroup} ({driver})',
  available: '  {runtime}: available',
  unavailable: '  {runtime}: unavailable: {reason}\n    fix: {fix}',
  fix: 'fix: {fix}',
  notMeasured: '{workloads} {workloads, plural, one {is} other {are}} not measured: {reason}',
  oldReleases:
    'older than a year: {releases}; their figures are not those of current releases (where to get those:  @(doctor))',
  oldRelease: '{runtime} from {date}',
  coldCache:
    'cache=cold drops the page cache of the whole host before each of its trials, so the other containers here read from the disk again; leave those workloads out (docs/workloads.md), or stop the containers',
  setAside:
    '{file}: a crash cut off its end; {n, plural, one {{n} byte is} other {{n} bytes are}} kept in {keptIn}',
});

type NotesContext = Pick<AppContext, 'reporter'>;

/** Doubts that the user should resolve before spending time; the report shows the others. */
const reportedEarly: ReadonlySet<string> = new Set(['privileges', 'docker-disk']);

/** Logs which runtimes run and which do not. */
export function reportRuntimes({ reporter }: NotesContext, run: RunRecord): void {
  for (const { entry, preflight } of run.runtimes)
    reporter.log(
      preflight.status === 'available'
        ? text.available({ runtime: entry.name })
        : text.unavailable({
            runtime: entry.name,
            reason: recalled(preflight, 'reason'),
            fix: recalled(preflight, 'fix'),
          }),
    );
  const started = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
  const old = oldReleases(started, run.startedAt);
  const releases = old.map(({ runtime, on }) => text.oldRelease({ runtime: runtime.entry.name, date: on }));
  if (old.length > 0) reporter.log(text.oldReleases({ releases: listed(releases) }));
}

/**
 * The workloads that no runtime of the run can be tried with, at any layer and under any profile, by their reason: what is known
 * beforehand is said before time is spent on the rest.
 */
function leftOutOf({ subjects, runtimes }: RunRecord): readonly Message[] {
  const able = runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available' ? [entry.name] : [],
  );
  const reasons = [...Map.groupBy(subjects, ({ workload }) => workload)].flatMap(([workload, own]) => {
    const found = own.flatMap((subject) =>
      (subject.runtimes ?? able).map((name) => unsupportedReason(subject, name)),
    );
    const [reason] = found;
    return reason === undefined || found.includes(undefined) ? [] : [{ workload, reason }];
  });
  return [...Map.groupBy(reasons, ({ reason }) => reason.text).values()].flatMap((group) =>
    group
      .slice(0, 1)
      .map(({ reason }) =>
        text.notMeasured({ workloads: listed(group.map(({ workload }) => workload)), reason }),
      ),
  );
}

/** Logs doubts before the first block. */
export function reportDoubts(
  { reporter }: NotesContext,
  run: RunRecord,
  subjects: readonly WorkloadSubject[],
): void {
  const uncounted = subjects.filter(({ workload }) => needsEngineCpu(workload));
  for (const check of run.checks) {
    const isEarly = reportedEarly.has(check.id) || (check.id === 'engine-cpu' && uncounted.length > 0);
    if (!isEarly || (check.status !== 'warn' && check.status !== 'fail')) continue;
    reporter.warn(recalled(check, 'detail'));
    if (check.fix !== undefined) reporter.warn(text.fix({ fix: recalled(check, 'fix') }));
  }
  for (const message of leftOutOf(run)) reporter.warn(message);
  // Other containers run on this host; the measurement may slow them down.
  const others = run.checks.some(({ id, status }) => id === 'other-containers' && status === 'warn');
  if (others && subjects.some(({ workload, params }) => workload.container(params).coldCache))
    reporter.warn(text.coldCache);
}
