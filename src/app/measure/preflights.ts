import { recordableEntry } from '../../core/config/engine-shape.ts';
import { explainPreflight } from '../../core/host/preflight/explain.ts';
import { identifyRuntime } from '../../core/host/runtimes.ts';
import { defaultLimits, stepLimits } from '../../core/measure/execute/deadline.ts';
import { engineLost } from '../../core/measure/execute/engine-guard.ts';
import { preflightLimitMs, preflightOf } from '../../core/measure/execute/preflight.ts';
import type { TrialResult } from '../../core/measure/execute/trial.ts';
import { attemptTrial } from '../../core/measure/execute/trial-attempts.ts';
import { messages } from '../../core/messages/define.ts';
import { recalled, recorded } from '../../core/messages/record.ts';
import { defaultLayer, type Layer } from '../../core/model/cell.ts';
import type { ErrorRecord } from '../../core/model/error-record.ts';
import type { HostFacts } from '../../core/model/host.ts';
import type { ImageFacts } from '../../core/model/run.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../core/model/runtime.ts';
import { onThisMachine } from '../../core/model/unreachable-engine.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { HostDevices } from '../../core/runtimes/family.ts';
import { virtualMachineOf } from '../../core/runtimes/guest/virtual-machine.ts';
import { familyOf, familyOfEntry, mayStartGuests } from '../../core/runtimes/registry.ts';
import type { EngineSession } from './session.ts';

const words = messages('preflight', { unexplained: '{reason}: {said}' });

/** The workload of a preflight, which starts, prints a line and exits. */
export const preflightWorkload = 'startup/echo';

/** The workload whose container runs until its processes have been inspected. */
export const idleWorkload = 'memory/idle';

/** Makes the function that turns an engine's error about a runtime into a reason and a fix. */
export function explainer(known: {
  readonly entries: readonly RuntimeEntry[];
  readonly host: HostFacts;
  readonly session: Pick<EngineSession, 'engine'>;
  readonly daemonJson: string | null;
  readonly devices: HostDevices | null;
  /** See `foundElsewhere`. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Runtimes that have started a container in this run. */
  readonly started: ReadonlySet<string>;
}): (runtime: string, engineMessage: string) => ErrorRecord {
  const { entries, host, session, daemonJson, devices } = known;
  return (runtime, engineMessage) => {
    const entry = entries.find((candidate) => candidate.name === runtime);
    if (entry === undefined) return { code: 'start-failed', message: engineMessage };
    const elsewhere = known.elsewhere.get(runtime);
    const context = {
      entry,
      host,
      engine: session.engine.facts,
      started: known.started.has(runtime),
      ...(elsewhere === undefined ? {} : { elsewhere }),
      ...(daemonJson === null ? {} : { daemonJson }),
      ...(devices === null ? {} : { kvm: devices.kvm }),
    };
    const explained = explainPreflight(engineMessage, context);
    const { code } = explained;
    const reason = recalled(explained, 'reason');
    const message = code === 'start-failed' ? words.unexplained({ reason, said: engineMessage }) : reason;
    return { code, ...recorded({ message, fix: recalled(explained, 'fix') }) };
  };
}

/** A failure without a known reason may be accidental, and would exclude the runtime from the whole run. */
function isUnexplained({ record: { outcome } }: TrialResult): boolean {
  return outcome.status === 'failed' && ['start-failed', 'exit-code'].includes(outcome.error.code);
}

/**
 * Timeout of each step of a runtime's preflight, ms: the user's, or as long as the runtime takes to report its error.
 */
export function preflightLimitOf(entry: RuntimeEntry, stepLimitMs: number | undefined): number {
  const usual = familyOfEntry(entry).startLimitMs ?? preflightLimitMs;
  return Math.min(usual, stepLimitMs ?? usual);
}

/**
 * Starts one real container per runtime, one after the other, and returns which can run here. For a runtime that may
 * start virtual machines, a second container (`idle`) shows where the virtual machine is charged and what executes it.
 */
export async function runPreflights(options: {
  readonly session: EngineSession;
  readonly entries: readonly RuntimeEntry[];
  readonly requested: readonly string[] | null;
  /** Layer at which the runtimes are tried; default: the engine's own. */
  readonly layer?: Layer;
  readonly workload: Workload;
  readonly idle: Workload;
  readonly images: readonly ImageFacts[];
  readonly explain: (runtime: string, engineMessage: string) => ErrorRecord;
  /** Timeout of each step, ms. */
  readonly limitOf: (entry: RuntimeEntry) => number;
  readonly interrupt: AbortSignal;
}): Promise<RuntimeFacts[]> {
  const { session, entries, workload, idle, explain, limitOf } = options;
  const limits = new Map(entries.map((entry) => [entry.name, stepLimits(limitOf(entry))]));
  const { images, interrupt } = options;
  const runTrial = session.trials({
    images,
    subjects: [workload, idle].map((each) => ({ workload: each, params: {} })),
    explain,
    interrupt,
    limits: (runtime) => limits.get(runtime) ?? defaultLimits,
  });
  const attempt = async (entry: RuntimeEntry, position: number, { id }: Workload): Promise<TrialResult> => {
    const cell = {
      ...{ runtime: entry.name, profile: 'default', layer: options.layer ?? defaultLayer },
      ...{ workload: id, params: '' },
    };
    const trials = { runTrial, engineLost: () => session.guard.lost(), interrupt };
    const { result, lost } = await attemptTrial(
      trials,
      { trialId: `preflight${position}`, position, cell },
      { block: 0, phase: 'warmup', attempt: 1 },
    );
    if (lost !== null) throw engineLost(lost);
    return result;
  };
  const facts: RuntimeFacts[] = [];
  for (const [index, entry] of entries.entries()) {
    const first = await attempt(entry, index, workload);
    const result = isUnexplained(first) ? await attempt(entry, index, workload) : first;
    const timeout = () => explain(entry.name, `no answer within ${limitOf(entry) / 1000} s`);
    const identity = await identifyRuntime(entry, {
      local: onThisMachine(session.engine.facts),
      environment: session.environment,
    });
    const preflight = preflightOf(result, {
      entry,
      explain: (message) => explain(entry.name, message),
      timeout,
    });
    const looked =
      preflight.status === 'available' &&
      session.hostPlace !== null &&
      mayStartGuests(familyOf(identity.family))
        ? (await attempt(entry, index, idle)).record
        : null;
    facts.push({
      entry: recordableEntry(entry),
      ...identity,
      requested: options.requested?.includes(entry.name) ?? false,
      preflight,
      ...(looked?.outcome.status === 'ok' ? { vm: virtualMachineOf(looked.processes, identity.family) } : {}),
    });
  }
  return facts;
}
