import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { type MoveOutcome, type MoveTrial, runs, type TriedService } from './record.ts';
import type { Obstacle } from './stack/obstacles.ts';

const words = messages('move.why', {
  notUnderBaseline: 'it does not run under {baseline} here either: {what}',
  cutOff: 'the trial was cut off',
  together: 'it runs alone, and not with the others: {what}',
  notStarted: 'it does not start: {said}',
  exited: 'it ends with exit code {code}: {said}',
  oom: 'it was ended for its memory',
  unhealthy: 'its health check fails: {said}',
  late: 'it is not healthy in time: {said}',
  silent: 'it says nothing',
  readLog: 'read its log in move.json, or start it with  docker run --runtime {runtime}',
  mendFirst: 'see that it runs under {baseline}, then try again',
});

/** A verdict with its words. */
export interface Verdict {
  readonly service: string;
  readonly runtime: string;
  readonly verdict: 'moves' | 'cannot' | 'not-tried' | 'unknown';
  readonly why: Message;
  readonly fix: Message;
}

const nothing = external('');

/** What became of each service under each target. */
export function verdictsOf(
  services: readonly string[],
  targets: readonly string[],
  baseline: string,
  { trials, obstacles }: { readonly trials: readonly MoveTrial[]; readonly obstacles: readonly Obstacle[] },
): readonly Verdict[] {
  const native = trials.find(({ kind }) => kind === 'baseline');
  return targets.flatMap((runtime) =>
    services.map((service): Verdict => {
      const found = (kind: MoveTrial['kind']) =>
        trials
          .findLast(
            (trial) => trial.kind === kind && trial.runtime === runtime && trial.under.includes(service),
          )
          ?.services.find((each) => each.service === service);
      const of = (verdict: Verdict['verdict'], why: Message, fix: Message = nothing): Verdict => ({
        ...{ service, runtime, verdict, why, fix },
      });
      const reaches = obstacles.find((each) => each.service === service && each.kind === 'host');
      if (reaches !== undefined) return of('not-tried', reaches.reason.message, reaches.reason.fix);
      const own = native?.services.find((each) => each.service === service);
      if (own !== undefined && !runs(own.outcome))
        return of(
          'unknown',
          words.notUnderBaseline({ baseline, what: whatHappened(own) }),
          words.mendFirst({ baseline }),
        );
      const [alone, together] = [found('alone'), found('together')];
      if (alone === undefined) return of('unknown', words.cutOff);
      const last = together ?? alone;
      if (runsAs(alone.outcome, own?.outcome) && runsAs(last.outcome, own?.outcome))
        return of('moves', nothing);
      const failed = runsAs(alone.outcome, own?.outcome) ? last : alone;
      const what = whatHappened(failed);
      return of(
        'cannot',
        failed === alone ? what : words.together({ what }),
        failed.cause === undefined ? words.readLog({ runtime }) : external(failed.cause.fix),
      );
    }),
  );
}

/** A server that ends at once with exit code 0 does not run as it did. */
function runsAs(outcome: MoveOutcome, native: MoveOutcome | undefined): boolean {
  return runs(outcome) && (outcome !== 'done' || native === 'done' || native === undefined);
}

/** The failure of a service in words. */
function whatHappened({ outcome, exitCode, oomKilled, said, log, cause }: TriedService): Message {
  const line = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';
  const spoken = line(said) || line(log);
  const quoted = spoken === '' ? words.silent : external(spoken);
  if (oomKilled) return words.oom;
  if (outcome === 'not-started')
    return words.notStarted({ said: cause === undefined ? quoted : external(cause.message) });
  if (outcome === 'exited' || outcome === 'done')
    return words.exited({
      code: String(exitCode ?? 0),
      said: line(log) === '' ? quoted : external(line(log)),
    });
  return outcome === 'unhealthy' ? words.unhealthy({ said: quoted }) : words.late({ said: quoted });
}
