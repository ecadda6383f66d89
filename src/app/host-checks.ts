import { takeHostSnapshot } from '../core/collect/host-snapshot.ts';
import type { HostSnapshot } from '../core/collect/noise.ts';
import { countSandboxHelpers } from '../core/collect/process/scan.ts';
import { engineChecks, engineCpuCheck } from '../core/host/doctor/engine-checks.ts';
import { familyChecks, releaseChecks } from '../core/host/doctor/family-checks.ts';
import { hostChecks, unseenHostChecks } from '../core/host/doctor/host-checks.ts';
import { identifiedFacts } from '../core/host/facts.ts';
import { freeBytesAt } from '../core/measure/execute/disk-room.ts';
import type { Message } from '../core/messages/message.ts';
import { recalled } from '../core/messages/record.ts';
import type { EngineConditions, HostFacts } from '../core/model/machine/host.ts';
import type { RunRecord } from '../core/model/run/run.ts';
import { engineTraits } from '../core/model/runtime/engine-kind.ts';
import type { RuntimeFacts } from '../core/model/runtime/runtime.ts';
import { onThisMachine } from '../core/model/runtime/unreachable-engine.ts';
import type { HostDevices } from '../core/runtimes/guest/facts.ts';
import type { Session } from './measure/engine-session.ts';

/** Facts of the machine that runs the session's containers: this one, or a remote one as its daemon describes it. */
export async function hostOf({ engine }: Session): Promise<HostFacts> {
  if (!onThisMachine(engine.facts)) return engine.machine();
  return identifiedFacts();
}

/** Inputs of the checks in addition to the session. */
interface CheckInputs {
  readonly host: HostFacts;
  /** The daemon's settings for all containers. */
  readonly conditions: EngineConditions;
  readonly runtimes: readonly RuntimeFacts[];
  /** null where no runtime may start virtual machines, or the engine's machine is not this one. */
  readonly devices: HostDevices | null;
  readonly isRoot: boolean;
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Default: those of the session's runtimes. Doctor adds runtimes that could not be tried. */
  readonly families?: readonly RuntimeFacts['family'][];
}

/** Stolen share of the non-idle CPU time; null where the kernel does not report it. */
function stealShare({ stealNs, busyNs }: HostSnapshot): number | null {
  return stealNs === null || busyNs === null ? null : stealNs / Math.max(1, stealNs + busyNs);
}

/** Checks of the host and the engine, as doctor shows them. */
export async function checksOf(session: Session, inputs: CheckInputs): Promise<RunRecord['checks']> {
  const { host, conditions, runtimes, devices, isRoot } = inputs;
  const { families = runtimes.map(({ family }) => family) } = inputs;
  const { engine, hostPlace } = session;
  const { facts, dataRoot } = engine;
  const ofEngine = [
    ...engineChecks({ ...facts, conditions }, host, families),
    ...familyChecks(families, runtimes, facts, host, devices),
    ...releaseChecks(runtimes, inputs.today),
  ];
  if (!onThisMachine(facts)) return [...unseenHostChecks(await engine.otherContainers()), ...ofEngine];
  const ofHost = hostChecks(host, {
    root: isRoot,
    engineIsLocal: facts.local,
    otherContainers: await engine.otherContainers(),
    freeBytes: await freeBytesAt(session.scratch ?? '.'),
    dockerDisk:
      dataRoot === null || engineTraits(facts).isPrivate
        ? null
        : await freeBytesAt(dataRoot).then(
            (free) => ({ path: dataRoot, freeBytes: free }),
            () => null,
          ),
    clockStepNs: clockStepNs(),
    stealShare: stealShare(takeHostSnapshot()),
    foreignSandboxes: facts.local ? countSandboxHelpers() : null,
  });
  if (hostPlace === null) return [...ofHost, ...ofEngine];
  return [...ofHost, ...ofEngine, engineCpuCheck(whyNoEngineCpu(session))];
}

/** Why the CPU time of an engine on this host is not known; null where it is, and for an engine whose cgroups are not read. */
export function whyNoEngineCpu({ hostPlace }: Pick<Session, 'hostPlace'>): Message | null {
  const { engineCgroups = null } = hostPlace ?? {};
  return engineCgroups !== null && 'absent' in engineCgroups ? recalled(engineCgroups, 'absent') : null;
}

const readings = 4_000;

/**
 * Smallest observed step of CLOCK_MONOTONIC, ns: measured values are multiples of it. Some hypervisors and emulators
 * have a coarse clock although its source promises ns. `read` is for tests.
 */
export function clockStepNs(read: () => bigint = process.hrtime.bigint): number {
  let step = Number.POSITIVE_INFINITY;
  let before = read();
  for (let i = 0; i < readings; i++) {
    const now = read();
    if (now > before) step = Math.min(step, Number(now - before));
    before = now;
  }
  return step;
}
