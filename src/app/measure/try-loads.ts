import { describeOutcome, isFailure } from '../../core/analyze/values/effective-trial.ts';
import { engineLost } from '../../core/measure/execute/engine-guard.ts';
import type { TrialRunner } from '../../core/measure/execute/runner.ts';
import { attemptTrial } from '../../core/measure/execute/trial-attempts.ts';
import { measurableCells, warmUpCells } from '../../core/measure/schedule/cells.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { bareRef } from '../../core/messages/record.ts';
import type { RunRecord, RunSubject } from '../../core/model/run/run.ts';
import type { TrialSpec } from '../../core/model/run/schedule.ts';
import { profileName } from '../../core/model/runtime/container-profile.ts';
import { defaultLayer, subjectKey } from '../../core/model/trial/cell.ts';
import { serviceWorkloadId } from '../../core/model/workload/service.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import type { Reporter } from '../reporter.ts';
import type { Session } from './engine-session.ts';

const text = notices('load', {
  trying: 'the load of {service} is tried once, before the run',
  failed: 'its load was tried before the run and gave no figure ({reason})',
});

/** A load is tried under so many runtimes: what fails under one may work under another. */
const maxTried = 2;

/**
 * The run without the loads of services that give no figure. Each is tried once under every profile, before a warm-up is paid: a
 * load that prints nothing, or another report than expected, would fail in every trial. OcibenchError (exit 3) where the engine is lost.
 */
export async function withoutFailingLoads(
  run: RunRecord,
  workloads: readonly Workload[],
  trials: {
    readonly runTrial: TrialRunner;
    readonly session: Pick<Session, 'lost'>;
    readonly interrupt: AbortSignal;
  },
  reporter: Pick<Reporter, 'log'>,
): Promise<RunRecord> {
  const { config, runtimes } = run;
  const cells = warmUpCells(
    measurableCells(run.subjects, runtimes, config.baseline, workloads, config),
    config,
  );
  const bySubject = Map.groupBy(cells, subjectKey);
  const reasons = new Map<string, Message>();
  let position = 0;
  for (const service of config.services ?? []) {
    const workload = serviceWorkloadId(service, 'app');
    const subjects = [...bySubject].filter(([, [first]]) => first?.workload === workload);
    if (service.load === null || subjects.length === 0) continue;
    reporter.log(text.trying({ service: service.name }));
    for (const [key, own] of subjects) {
      const specs = own
        .slice(0, maxTried)
        .map((cell) => ({ trialId: `load${position}`, position: position++, cell }));
      const reason = await whyFailing(specs, trials);
      if (reason !== null) reasons.set(key, text.failed({ reason }));
    }
  }
  return {
    ...run,
    subjects: run.subjects.map((each) => {
      const reason = reasons.get(keyOf(each));
      return reason === undefined ? each : leftOut(each, run, reason);
    }),
  };
}

function keyOf({ profile, layer = defaultLayer, workload, params, engine }: RunSubject): string {
  const place = engine === undefined ? {} : { engine };
  return subjectKey({ profile: profileName(profile), layer, workload, params, ...place });
}

/** Why the first of these trials failed; null as soon as one does not fail. */
async function whyFailing(
  specs: readonly TrialSpec[],
  { runTrial, session, interrupt }: Parameters<typeof withoutFailingLoads>[2],
): Promise<Message | null> {
  let reason: Message | null = null;
  for (const spec of specs) {
    const place = { block: 0, phase: 'warmup', attempt: 1 } as const;
    const trials = { runTrial, interrupt, engineLost: () => session.lost() };
    const { result, lost } = await attemptTrial(trials, spec, place);
    if (lost !== null) throw engineLost(lost);
    const { outcome } = result.record;
    if (!isFailure(outcome.status)) return null;
    reason ??= describeOutcome(outcome).reason;
  }
  return reason;
}

/** The subject, which no runtime is to be tried with. */
function leftOut(subject: RunSubject, { runtimes }: RunRecord, reason: Message): RunSubject {
  const names = runtimes.map(({ entry }) => entry.name);
  const ofEach = <T>(value: T) => Object.fromEntries(names.map((name) => [name, value]));
  return {
    ...subject,
    unsupported: { ...ofEach(reason.text), ...subject.unsupported },
    messages: { ...ofEach(bareRef(reason)), ...subject.messages },
  };
}
