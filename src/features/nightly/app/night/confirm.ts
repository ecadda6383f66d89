import type { AppContext } from '../../../../app/context.ts';
import { measureRun } from '../../../../app/measure/measure.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import { type ExitCode, exitCodes } from '../../../../core/model/failure/error.ts';
import { pinName } from '../../../../core/model/names.ts';
import { dropUndefined } from '../../../../core/model/objects.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import { comparedProfile } from '../../../../core/model/runtime/container-profile.ts';
import { untilName } from '../../../../core/model/trial/subject-name.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import type { StoredRun } from '../../../../core/store/run-directory.ts';
import { rerunsOfWeek } from '../../history/alarm-thresholds.ts';
import type { VersionChange } from '../../history/changes.ts';
import { fewestToLearn } from '../../history/learning.ts';
import {
  alarmsOf,
  changesTonight,
  type NightIdentity,
  newSegments,
  suspectsOf,
} from '../../history/raise-alarms.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../../history/record.ts';
import { countedLines, type History, type RecordedSeries } from '../../history/recorded-series.ts';
import { appendLines, storedHistory } from '../history/history-file.ts';
import { readHistory } from '../history/on-disk.ts';
import { nightLines } from './lines.ts';
import type { NightlySettings } from './settings.ts';

const text = notices('nightly', {
  changed: 'changed since the previous night: {what}',
  segment: '{what} changed, so tonight cannot be compared with earlier nights: {series}',
  change: '{what}: {was} → {is}',
  suspects: 'suspect tonight, measuring again: {series}',
  learnt: 'the level of {n} of {all} series relative to their pins is now known',
  movedMeanwhile: 'changed during the evening, so it counts as only one of the 14 nights they need: {series}',
  tooFew:
    'have fewer than {n} blocks, so the evening counts as only one of the 14 nights they need: {series}. Give more time (--for) or fewer workloads (--workloads); some workloads never reach that many',
  left: 'suspect, left for another night: {series}',
  noisy:
    'suspect, but not measured again, because {n} reruns in seven days confirmed nothing (noisy): {series}',
});

/** Blocks of a confirmation: `times` those of the night, within bounds. The count is fixed: measured values never end it. */
const confirmationBlocks = { times: 5, least: 12, most: 60 } as const;

/** Says what changed since the night before, and which series begin a new segment because of it. */
export function reportChanges(
  { reporter }: Pick<AppContext, 'reporter'>,
  history: History,
  tonight: NightIdentity,
): void {
  const told = (changes: readonly VersionChange[]) =>
    listed(
      changes.map(({ name, before, after }) => text.change({ what: name, was: before, is: after })),
      'semicolon',
    );
  const changed = changesTonight(history, tonight);
  if (changed.length > 0) reporter.log(text.changed({ what: told(changed) }));
  for (const { changes, series } of newSegments(history, tonight))
    reporter.warn(text.segment({ what: told(changes), series: listed(series) }));
}

/** Says which levels an evening has learnt, and why others were not. */
export function reportLearning(
  { reporter }: Pick<AppContext, 'reporter'>,
  headlines: readonly HeadlineLine[],
): void {
  const pins = headlines.filter(({ against }) => against === 'pin');
  const learnt = pins.filter(({ counts }) => counts !== undefined);
  // A category follows its subjects, which are named.
  const others = pins.filter(
    ({ counts, category, workload }) => counts === undefined && workload !== category,
  );
  const few = others.filter(({ pairs }) => pairs < fewestToLearn);
  const moved = others.filter(({ pairs }) => pairs >= fewestToLearn);
  const named = (lines: readonly HeadlineLine[]) => listed(lines.map(({ series }) => series));
  reporter.log(text.learnt({ n: learnt.length, all: pins.length }));
  if (moved.length > 0) reporter.warn(text.movedMeanwhile({ series: named(moved) }));
  if (few.length > 0) reporter.warn(text.tooFew({ n: fewestToLearn, series: named(few) }));
}

/** Result of the confirmation. */
interface ConfirmationResult {
  /** null if no series was suspect. */
  readonly night: NightLine | null;
  readonly alarms: readonly AlarmLine[];
  readonly exitCode: ExitCode;
}

/** Extends the run of a night with its suspects, each with its reference, and records the result. */
export async function confirmSuspects(
  app: AppContext,
  settings: NightlySettings,
  workloads: readonly Workload[],
  { run, path }: { readonly run: RunRecord; readonly path: string },
): Promise<ConfirmationResult> {
  const { history } = settings;
  const { again, left, noisy } = suspectsOf(await storedHistory(history), {
    host: hostIdentity(),
    run: run.runId,
  });
  const named = (series: readonly RecordedSeries[]) => listed(series.map(({ id }) => id));
  if (noisy.length > 0) app.reporter.log(text.noisy({ n: rerunsOfWeek, series: named(noisy) }));
  if (again.length === 0) return { night: null, alarms: [], exitCode: exitCodes.ok };
  app.reporter.log(text.suspects({ series: named(again) }));
  if (left.length > 0) app.reporter.log(text.left({ series: named(left) }));
  const { exitCode } = await measureRun(app, furtherRequest(settings, run, again));
  const stored = await app.store.loadRun(path);
  return { exitCode, ...(await writeConfirmation(app, history, stored, workloads)) };
}

/**
 * Records the figures of a confirmation, then its alarms, then the line that closes it. A confirmation without that last line
 * is recorded again.
 */
export async function writeConfirmation(
  app: AppContext,
  directory: string,
  stored: StoredRun,
  workloads: readonly Workload[],
  reason?: string,
): Promise<Pick<ConfirmationResult, 'alarms'> & { readonly night: NightLine }> {
  const host = hostIdentity();
  const tonight = { host, run: stored.run.runId };
  const { lines } = await readHistory(directory);
  // A series that only shares cells with a suspect was not suspect itself.
  const named = new Set(suspectsOf(countedLines(lines), tonight).again.map(({ id }) => id));
  const all = nightLines(stored, workloads, {
    stage: 'confirmation',
    host,
    ...(reason === undefined ? {} : { reason }),
  });
  const headlines = all.headlines.filter(({ series }) => named.has(series));
  const night = { ...all.night, headlines: headlines.length };
  const alarms = alarmsOf(countedLines([...lines, ...headlines, night]), tonight);
  await appendLines(app, directory, [...headlines, ...alarms, night]);
  return { alarms, night };
}

function furtherRequest(
  { run: own, confirmTimeMs }: NightlySettings,
  { runId, config }: RunRecord,
  suspects: readonly RecordedSeries[],
): RunRequest {
  const { context, insecureTcp, config: file, set, daemonJson, out, lang, wait } = own;
  const { times, least, most } = confirmationBlocks;
  const pairs = suspects.map(({ lines }) => lines.at(-1)?.pairs ?? 0);
  const blocks = Math.min(most, Math.max(least, ...pairs.map((n) => times * n)));
  return {
    ...dropUndefined({ context, insecureTcp, config: file, set, daemonJson, out, lang, wait }),
    resume: runId,
    until: [...new Set(suspects.flatMap((each) => untilNamesOf(each, config)))],
    blocks: { min: blocks, max: blocks },
    maxTime: confirmTimeMs,
    report: false,
  };
}

/**
 * The cells that a series compares. Cells of the baseline under the first profile are left out: any other cell includes them.
 */
function untilNamesOf({ lines }: RecordedSeries, config: RunRecord['config']): readonly string[] {
  const line = lines.at(-1);
  if (line === undefined) return [];
  const { baseline, runtimes } = config;
  const first = comparedProfile(config);
  if (first !== null && line.profile !== first)
    return [line.runtime, line.reference].flatMap((runtime) =>
      runtime === null ? [] : [untilName({ ...line, runtime }, line.profile)],
    );
  const watched = (runtimes ?? []).find((name) => pinName(name) === baseline);
  const named = [line.runtime, line.reference].filter((name) => name !== null && name !== baseline);
  const compared = named.length > 0 ? named : [watched ?? line.runtime];
  return compared.map((runtime) => untilName({ ...line, runtime: runtime ?? line.runtime }));
}
