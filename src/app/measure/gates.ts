import type { RunRequest } from '../../core/config/command-line.ts';
import { gatesOf } from '../../core/gate/gates.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import type { GateReport, GateVerdict } from '../../core/model/analysis/gate.ts';
import { type ExitCode, exitCodes, misuse, refusal } from '../../core/model/failure/error.ts';
import { pinName } from '../../core/model/names.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import type { AppContext } from '../context.ts';
import { featureMissing, type Gates, gateJudge, type JudgeGates } from '../ports.ts';
import type { Configuration } from './configuration.ts';

const text = notices('gate', { unusable: 'the gate of the configuration cannot be used' });
const why = reasons('gate', {
  absent: {
    message: 'has no gate to judge',
    fix: "write one:  gate: '{' ''runsc startup/echo'': ''< 2.1x'' '}'",
  },
});

export const noGates: Gates = { gates: [], baselines: [] };

/** Names that a gate may use, in addition to the runtimes registered on this host. */
interface GateScope {
  readonly workloads: readonly Workload[];
  /** Runtimes of the judged run; null before it is measured, when a daemon may know more runtimes. */
  readonly recorded: readonly string[] | null;
  /** Is a missing gate an error? */
  readonly isAsked: boolean;
}

/** The gate of the configuration. OcibenchError (exit 2) with every problem of it, before anything is measured. */
export async function configuredGates(
  app: Pick<AppContext, 'engines'>,
  configuration: Configuration,
  request: RunRequest,
  { workloads, recorded, isAsked }: GateScope,
): Promise<Gates> {
  const { loaded } = configuration;
  const settings = loaded?.config.gate ?? {};
  const file = loaded?.file ?? 'bench.config.ts';
  const keys = Object.keys(settings);
  if (keys.length === 0) {
    if (isAsked) throw refusal(text.unusable, { file, key: 'gate' }, why.absent);
    return noGates;
  }
  if ((await gateJudge()) === null)
    throw refusal(text.unusable, { file, key: 'gate' }, featureMissing('nightly'));
  const resolution = configuration.resolve(request);
  const { config } = resolution;
  // It knows engines, and few runs are judged.
  const { registeredRuntimes, withRuntimes } = await import('./registered.ts');
  const registered = await registeredRuntimes(resolution);
  const names = [...(recorded ?? []), ...registered.entries.map(({ name }) => name)];
  const isKnown = (name: string) => [...names, ...names.map(pinName)].includes(name);
  if (recorded === null && !keys.every((key) => isKnown(key.trim().split(/\s/)[0] ?? ''))) {
    const found = await withRuntimes(app, registered, config, request);
    names.push(...(found?.entries ?? []).map(({ name }) => name));
  }
  const pins = names.map(pinName);
  const baselines = [config.baseline, pinName(config.baseline)];
  const runtimes = [...new Set([...names, ...pins])];
  const { gates, problems } = gatesOf(settings, { file, runtimes, baselines, pins, workloads });
  if (problems.length > 0) throw misuse(text.unusable, problems);
  return { gates, baselines };
}

/** Exit code of a command by the verdict of its gate. */
export const gateExitCodes = {
  holds: exitCodes.ok,
  broken: exitCodes.someFailed,
  'cannot-tell': exitCodes.cannotTell,
} as const satisfies Readonly<Record<GateVerdict, ExitCode>>;

/** A command that failed keeps its own exit code. Failed cells take precedence over a gate that could not be judged. */
export function gatedExitCode(exitCode: ExitCode, verdict: GateVerdict): ExitCode {
  return exitCode === exitCodes.ok || (exitCode === exitCodes.cannotTell && verdict === 'broken')
    ? gateExitCodes[verdict]
    : exitCode;
}

/** Judges a run. The gate must come from {@link configuredGates}, which refuses gates that no feature can judge. */
export async function judgeRun(...given: Parameters<JudgeGates>): Promise<GateReport> {
  const judge = await gateJudge();
  if (judge === null) throw new Error('a gate without a judge was not refused');
  return judge(...given);
}
