import type { Subject } from '../../core/measure/schedule/subjects.ts';
import { listed } from '../../core/messages/compose.ts';
import { recalled } from '../../core/messages/record.ts';
import type { RunRecord } from '../../core/model/run.ts';
import { oldReleases } from '../../core/runtimes/release-dates.ts';
import type { AppContext } from '../context.ts';
import { text } from './measure-text.ts';

type Notes = Pick<AppContext, 'reporter'>;

/** Doubts that the user should resolve before spending time; the report shows the others. */
const reportedEarly: ReadonlySet<string> = new Set(['privileges', 'docker-disk']);

/** Logs which runtimes run and which do not. */
export function reportRuntimes({ reporter }: Notes, run: RunRecord): void {
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

/** Logs doubts before the first block. */
export function reportDoubts({ reporter }: Notes, run: RunRecord, subjects: readonly Subject[]): void {
  for (const check of run.checks) {
    if (!reportedEarly.has(check.id) || (check.status !== 'warn' && check.status !== 'fail')) continue;
    reporter.warn(recalled(check, 'detail'));
    if (check.fix !== undefined) reporter.warn(text.fix({ fix: recalled(check, 'fix') }));
  }
  // Does it slow down other containers on this host?
  const others = run.checks.some(({ id, status }) => id === 'other-containers' && status === 'warn');
  if (others && subjects.some(({ workload, params }) => workload.container(params).coldCache))
    reporter.warn(text.coldCache);
}
