import { machine } from 'node:os';
import { startLimitOf } from '../../core/host/guest-configuration.ts';
import { defaultLimits, type StepLimits, stepLimits } from '../../core/measure/execute/deadline.ts';
import type { TrialRunner } from '../../core/measure/execute/runner.ts';
import type { EngineFacts } from '../../core/model/machine/host.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import type { ContainerProfile } from '../../core/model/runtime/container-profile.ts';
import type { RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import { onThisMachine } from '../../core/model/runtime/unreachable-engine.ts';
import { familyOf, runsModulesOnly } from '../../core/runtimes/registry.ts';
import {
  explainingRefusals,
  filterOfProfiles,
  loosened,
  openKernelLog,
} from '../container-profiles/seccomp-refusals.ts';
import type { Session } from './engine-session.ts';
import type { Preparation } from './prepare.ts';

/** Factor of the timeouts under emulation: an emulated processor takes several times as long. */
const emulatedPatience = 4;

/** Makes the runner of a run's trials. Where profiles filter system calls, it reports which calls were refused. */
export function runTrials(
  session: Session,
  prepared: Preparation,
  run: RunRecord,
  own: Pick<Parameters<Session['trials']>[0], 'subjects' | 'interrupt'>,
): TrialRunner {
  const { profiles = [], baseline, samplePeriodMs } = run.config;
  const { local } = session.engine.facts;
  const under = (options: readonly ContainerProfile[]) =>
    session.trials({
      ...own,
      baseline,
      samplePeriodMs,
      profiles: options,
      explain: prepared.explain,
      images: prepared.run.images,
      network: prepared.network,
      runsModulesOnly: (runtime) =>
        runsModulesOnly(familyOf(run.runtimes.find(({ entry }) => entry.name === runtime)?.family)),
      limits: (runtime) => limitsOf(run, runtime),
      patience: run.host.emulation === null ? 1 : emulatedPatience,
    });
  const usual = under(profiles);
  if (profiles.length === 0) return usual;
  const log = local ? () => openKernelLog(machine()) : null;
  return explainingRefusals(usual, filterOfProfiles(profiles, under(profiles.map(loosened))), log);
}

/** Step timeouts: the user's limit or the default. That of virtual machines is long enough for their own error messages. */
export function limitsOf(
  of: {
    readonly config: Pick<RunRecord['config'], 'stepLimitMs'>;
    readonly runtimes: readonly RuntimeFacts[];
    readonly engine: EngineFacts;
  },
  runtime: string,
): StepLimits {
  const { config, runtimes, engine } = of;
  if (config.stepLimitMs !== undefined) return stepLimits(config.stepLimitMs);
  const entry = runtimes.find((each) => each.entry.name === runtime)?.entry;
  const ofGuest = entry === undefined ? undefined : startLimitOf(entry, onThisMachine(engine));
  return ofGuest === undefined ? defaultLimits : stepLimits(ofGuest);
}
