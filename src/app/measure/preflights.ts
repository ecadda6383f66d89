import { recordableEntry } from '../../core/config/engine-shape.ts';
import { readGuestConfiguration, startLimitOf } from '../../core/host/guest-configuration.ts';
import { entryFailure, explainPreflight } from '../../core/host/preflight/explain.ts';
import { identifyRuntime } from '../../core/host/runtimes.ts';
import { defaultLimits, stepLimits } from '../../core/measure/execute/deadline.ts';
import { engineLost } from '../../core/measure/execute/engine-guard.ts';
import { preflightLimitMs, preflightOf, refusedPreflight } from '../../core/measure/execute/preflight.ts';
import type { TrialResult } from '../../core/measure/execute/trial.ts';
import { attemptTrial } from '../../core/measure/execute/trial-attempts.ts';
import { isSlow } from '../../core/measure/schedule/slow-runtimes.ts';
import { messages, reasons } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled, recorded } from '../../core/messages/record.ts';
import type { ErrorRecord } from '../../core/model/failure/error-record.ts';
import type { EngineConditions, EngineFacts, HostFacts } from '../../core/model/machine/host.ts';
import type { ImageFacts } from '../../core/model/run/run.ts';
import type {
  Preflight,
  RuntimeEntry,
  RuntimeFacts,
  VirtualMachine,
} from '../../core/model/runtime/runtime.ts';
import { onThisMachine } from '../../core/model/runtime/unreachable-engine.ts';
import { defaultLayer, type Layer } from '../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../core/model/trial/trial.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import type { HostDevices } from '../../core/runtimes/guest/facts.ts';
import { virtualMachineOf } from '../../core/runtimes/guest/virtual-machine.ts';
import { familyOf, familyOfEntry, mayStartGuests, runsModulesOnly } from '../../core/runtimes/registry.ts';
import { explainingDaemonFilter } from '../container-profiles/daemon-filter.ts';
import type { EngineSession } from './engine-session.ts';
import { monitorWords } from './monitor-words.ts';

const words = messages('preflight', {
  unexplained: '{reason}: {said}',
  monitorSaid: '{reason}; in that time a virtual machine monitor said: {said}',
});

const why = reasons('preflight', {
  noModule: {
    message: 'no test of this run has a WebAssembly module, so the runtime was not tried',
    fix: 'choose tests with a module, such as sandbox/wasm-start',
  },
  noImage: {
    message: 'its image cannot be provided, so the runtime was not tried: {said}',
    fix: 'correct that, or leave the runtime out (--runtimes); others do not need this image',
  },
});

/** The workload of a preflight, which starts, prints a line and exits. */
export const preflightWorkload = 'startup/echo';

/** The workload of a preflight where native programs cannot run. */
export const modulePreflightWorkload = 'sandbox/wasm-start';

/** The workload whose container runs until its processes have been inspected. */
export const idleWorkload = 'memory/idle';

/** Makes the function that turns an engine's error about a runtime into a reason and a fix. */
export function explainer(known: {
  readonly entries: readonly RuntimeEntry[];
  readonly host: HostFacts;
  readonly session: Pick<EngineSession, 'engine'>;
  readonly daemonJson: string | null;
  /** Options of the daemon that its API does not report; absent: unknown. */
  readonly unreported?: EngineConditions;
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
    const guest = onThisMachine(session.engine.facts) ? readGuestConfiguration(entry) : undefined;
    const context = {
      entry,
      host,
      engine: { ...session.engine.facts, conditions: known.unreported ?? {} },
      started: known.started.has(runtime),
      ...(elsewhere === undefined ? {} : { elsewhere }),
      ...(daemonJson === null ? {} : { daemonJson }),
      ...(devices === null ? {} : { devices }),
      ...(guest === undefined ? {} : { guest }),
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
  return (
    outcome.status === 'failed' && ['start-failed', 'step-failed', 'exit-code'].includes(outcome.error.code)
  );
}

/**
 * Timeout of each step of a runtime's preflight, ms: the user's, or as long as the runtime takes to report its error. A guest may
 * be slow without being broken, so that a longer limit of the user counts for it as well.
 */
export function preflightLimitOf(
  entry: RuntimeEntry,
  stepLimitMs: number | undefined,
  engine: EngineFacts,
): number {
  const ofGuest = startLimitOf(entry, onThisMachine(engine));
  if (ofGuest !== undefined) return stepLimitMs ?? ofGuest;
  return Math.min(preflightLimitMs, stepLimitMs ?? preflightLimitMs);
}

/** Failures of which the virtual machine monitor's own words can show the cause. */
const monitorFailures = [
  'timeout',
  'kata-vmm-absent',
  'kata-vmm-ended',
  'kata-memory',
  'kata-agent-silent',
  'kvm-unusable',
];

/** Text about a start that did not answer in time; the processes that it left show how far a virtual machine came. */
function noAnswer(entry: RuntimeEntry, limitMs: number, { leaked }: TrialResult['record']): string {
  const { guestConfiguration } = familyOfEntry(entry);
  const settings = readGuestConfiguration(entry) ?? guestConfiguration?.parse('');
  const isGone = leaked.length > 0 && !leaked.some(({ role }) => role === 'vmm');
  const ended = settings?.hasMonitor === true && isGone;
  return `no answer within ${limitMs / 1000} s${ended ? '; no virtual machine monitor was left' : ''}`;
}

/** What the monitor of a failed start said, from this host's journal; null without any, and where it would be no use. */
async function monitorOf(
  entry: RuntimeEntry,
  { outcome }: TrialResult['record'],
  { seconds, timeout }: { readonly seconds: number; readonly timeout: () => ErrorRecord },
): Promise<string | null> {
  if (outcome.status !== 'failed' && outcome.status !== 'timed-out') return null;
  const { code } = outcome.status === 'failed' ? outcome.error : timeout();
  return monitorFailures.includes(code) ? monitorWords(entry, seconds) : null;
}

/** The virtual machine of a container on this host, with the memory that the runtime's configuration gives it. */
function guestOf(
  entry: RuntimeEntry,
  processes: TrialRecord['processes'],
  family: RuntimeFacts['family'],
): VirtualMachine | null {
  const machine = virtualMachineOf(processes, family);
  const mib = readGuestConfiguration(entry)?.memoryMiB ?? null;
  return machine === null || mib === null ? machine : { ...machine, memoryBytes: mib * 2 ** 20 };
}

/** What the start of a container with a runtime said; `record` is null where none was started. */
interface TriedStart {
  readonly preflight: Preflight;
  readonly record: TrialRecord | null;
}

/** The availability with the time that the container would have taken with the quicker start of two. */
function withQuicker(preflight: Preflight, first: TrialRecord, second: TrialRecord | null): Preflight {
  const [own, other] = [first, second].map((trial) =>
    trial?.outcome.status === 'ok'
      ? trial.marks.find(({ name }) => name === 'first-output')?.atNs
      : undefined,
  );
  if (preflight.status !== 'available' || own === undefined || other === undefined) return preflight;
  return { ...preflight, tookMs: preflight.tookMs - Math.max(0, own - other) / 1e6 };
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
  /** In the place of `workload` where a runtime runs WebAssembly modules only; absent: such runtimes are not tried. */
  readonly module?: Workload;
  /** Why the image of modules cannot be provided; absent: it can, or nobody needs it. */
  readonly noModuleImage?: Message;
  readonly idle: Workload;
  readonly images: readonly ImageFacts[];
  readonly explain: (runtime: string, engineMessage: string) => ErrorRecord;
  /** The file that registers the runtimes; null where there is none. */
  readonly daemonJson: string | null;
  /** Timeout of each step, ms. */
  readonly limitOf: (entry: RuntimeEntry) => number;
  readonly interrupt: AbortSignal;
}): Promise<RuntimeFacts[]> {
  const { session, entries, module, idle, images, explain, limitOf, interrupt } = options;
  const modulesOnly = new Set(
    entries.filter((entry) => runsModulesOnly(familyOfEntry(entry))).map(({ name }) => name),
  );
  const limits = new Map(entries.map((entry) => [entry.name, stepLimits(limitOf(entry))]));
  const workloads = [options.workload, idle, ...(module === undefined ? [] : [module])];
  const runTrial = explainingDaemonFilter(session.engine, (seccomp) =>
    session.trials({
      images,
      explain,
      interrupt,
      seccomp,
      subjects: workloads.map((workload) => ({ workload, params: {} })),
      runsModulesOnly: (runtime) => modulesOnly.has(runtime),
      limits: (runtime) => limits.get(runtime) ?? defaultLimits,
    }),
  );
  const attempt = async (entry: RuntimeEntry, position: number, { id }: Workload): Promise<TrialResult> => {
    const cell = {
      runtime: entry.name,
      profile: 'default',
      layer: options.layer ?? defaultLayer,
      workload: id,
      params: '',
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
  const workloadOf = ({ name }: RuntimeEntry) =>
    module !== undefined && modulesOnly.has(name) ? module : options.workload;
  const here = onThisMachine(session.engine.facts);
  const registration = {
    engine: session.engine.facts,
    ...(options.daemonJson === null ? {} : { daemonJson: options.daemonJson }),
  };

  /** Starts a container with a runtime, unless that is known to fail. */
  const tried = async (entry: RuntimeEntry, index: number, version: string | null): Promise<TriedStart> => {
    const refused = entryFailure({ entry, ...registration }, version);
    if (refused !== null) return { preflight: refusedPreflight(refused), record: null };
    const { noModuleImage } = options;
    if (noModuleImage !== undefined && modulesOnly.has(entry.name))
      return {
        preflight: refusedPreflight({ ...why.noImage({ said: noModuleImage }), code: 'no-image' }),
        record: null,
      };
    if (module === undefined && modulesOnly.has(entry.name))
      return { preflight: refusedPreflight({ ...why.noModule, code: 'no-module' }), record: null };
    const workload = workloadOf(entry);
    const began = performance.now();
    const first = await attempt(entry, index, workload);
    const result = isUnexplained(first) ? await attempt(entry, index, workload) : first;
    const explained = (message: string) => explain(entry.name, message);
    const silence = noAnswer(entry, limitOf(entry), result.record);
    const timeout = () => explained(silence);
    const seconds = (performance.now() - began) / 1000 + 1;
    const said = here ? await monitorOf(entry, result.record, { seconds, timeout }) : null;
    const { record } = result;
    if (said === null) return { preflight: preflightOf(result, { timeout }), record };
    const more = (error: ErrorRecord): ErrorRecord => {
      const message = words.monitorSaid({ reason: recalled(error, 'message'), said });
      const fix = error.fix === undefined ? undefined : recalled(error, 'fix');
      return { ...error, ...recorded({ message, fix }) };
    };
    return { preflight: preflightOf(result, { timeout: () => more(timeout()), more }), record };
  };

  const facts: RuntimeFacts[] = [];
  for (const [index, entry] of entries.entries()) {
    const identity = await identifyRuntime(entry, { local: here, environment: session.environment });
    const { preflight, record } = await tried(entry, index, identity.version);
    const looked =
      preflight.status === 'available' &&
      session.hostPlace !== null &&
      mayStartGuests(familyOf(identity.family))
        ? (await attempt(entry, index, idle)).record
        : null;
    // The first container of a runtime may have waited for its files: before it counts as slow, a second one is looked at.
    const [usual] = facts;
    const seemsSlow =
      preflight.status === 'available' &&
      usual?.preflight.status === 'available' &&
      isSlow(preflight.tookMs, usual.preflight.tookMs);
    const second = seemsSlow ? (looked ?? (await attempt(entry, index, workloadOf(entry))).record) : null;
    facts.push({
      entry: recordableEntry(entry),
      ...identity,
      requested: options.requested?.includes(entry.name) ?? false,
      preflight: record === null ? preflight : withQuicker(preflight, record, second),
      ...(looked?.outcome.status === 'ok' ? { vm: guestOf(entry, looked.processes, identity.family) } : {}),
    });
  }
  return facts;
}
