import { statfs } from 'node:fs/promises';
import { countSandboxHelpers } from '../collect/process/foreign-sandboxes.ts';
import { clockStepNs } from '../host/clock-step.ts';
import { engineChecks, engineCpuCheck } from '../host/doctor/engine-checks.ts';
import { familyChecks } from '../host/doctor/family-checks.ts';
import { hostChecks, unseenHostChecks } from '../host/doctor/host-checks.ts';
import { readHostFacts } from '../host/facts.ts';
import { recalled } from '../messages/record.ts';
import { engineTraits } from '../model/engine-kind.ts';
import type { HostFacts } from '../model/host.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import { onThisMachine } from '../model/unreachable-engine.ts';
import type { HostDevices } from '../runtimes/family.ts';
import type { Session } from './session.ts';

/** The machine that the session's containers run on: this one, or the daemon's in the daemon's words. */
export async function hostOf({ engine }: Session): Promise<HostFacts> {
  return onThisMachine(engine.facts) ? readHostFacts() : engine.machine();
}

/** What the checks go by beside the session. */
interface Circumstances {
  readonly host: HostFacts;
  readonly runtimes: readonly RuntimeFacts[];
  /** null where no runtime may start virtual machines, or the engine's machine is not this one. */
  readonly devices: HostDevices | null;
  readonly isRoot: boolean;
  /** Of the runtimes unless given: those that could not be tried have theirs, too. */
  readonly families?: readonly RuntimeFacts['family'][];
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** Doubts about the host and the engine, as doctor tells them. */
export async function checksOf(session: Session, circumstances: Circumstances): Promise<RunRecord['checks']> {
  const { host, runtimes, devices, isRoot } = circumstances;
  const { families = runtimes.map(({ family }) => family) } = circumstances;
  const { engine, hostPlace } = session;
  const { facts, dataRoot } = engine;
  const ofEngine = [
    ...engineChecks(facts, host, families),
    ...familyChecks(families, runtimes, facts, host, devices),
  ];
  if (!onThisMachine(facts)) return [...unseenHostChecks(await engine.otherContainers()), ...ofEngine];
  const ofHost = hostChecks(host, {
    root: isRoot,
    otherContainers: await engine.otherContainers(),
    freeBytes: await freeBytes(session.scratch ?? '.'),
    dockerDisk:
      dataRoot === null || engineTraits(facts).isPrivate
        ? null
        : await freeBytes(dataRoot).then(
            (free) => ({ path: dataRoot, freeBytes: free }),
            () => null,
          ),
    clockStepNs: clockStepNs(),
    foreignSandboxes: facts.local ? countSandboxHelpers() : null,
  });
  if (hostPlace === null) return [...ofHost, ...ofEngine];
  const { engineCgroups } = hostPlace;
  return [
    ...ofHost,
    ...ofEngine,
    engineCpuCheck('absent' in engineCgroups ? recalled(engineCgroups, 'absent') : null),
  ];
}
