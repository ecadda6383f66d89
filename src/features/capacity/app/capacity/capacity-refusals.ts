import { machine } from 'node:os';
import type { AppContext } from '../../../../app/context.ts';
import type { Configuration } from '../../../../app/measure/configuration.ts';
import {
  type DaemonFlags,
  isAskedFor,
  makeScratch,
  refuseWithoutDocker,
  removeScratch,
} from '../../../../app/measure/engines.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { registeredRuntimes } from '../../../../app/measure/registered.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { connectIfThere, findEndpoint } from '../../../../core/engine/docker/endpoint.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { refusal } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { isLoopback } from '../../../../core/model/unreachable-engine.ts';
import { familyOfEntry } from '../../../../core/runtimes/registry.ts';
import { findBpftrace } from '../../recording/bpftrace/installation.ts';
import { noTracer, refuseWithoutMeans } from '../../recording/recording-parts.ts';
import { cgroupsHere } from '../../recording/recording-target.ts';
import { tracerReasons } from '../../recording/words.ts';

const text = notices('recordCapacity', { unusable: 'this capacity recording is not possible' });
const why = reasons('recordCapacity', {
  root: { message: 'only root may trace the calls of other users', fix: '@(sudo capacity measure)' },
  otherKernel: {
    message: '{baseline} has a kernel of its own, so the host does not see the applications’ calls',
    fix: 'name a baseline with the host’s kernel:  --baseline runc',
  },
  elsewhere: {
    message: 'the daemon at {endpoint} is on another host, whose kernel cannot be traced from here',
    fix: 'run the same command on that host',
  },
  otherPreset: {
    message: 'it measured the preset {preset}, not that of a capacity recording',
    fix: 'make one:  @(sudo capacity measure)',
  },
  nothingBeside: {
    message: 'only {baseline} could run in it, so there is nothing to compare',
    fix: 'record again with another runtime:  @(sudo capacity measure --runtimes {baseline},runsc)',
  },
});

/**
 * OcibenchError (exit 2) if the engine has no Docker or is on another host, whose kernel cannot be traced, or if the baseline has
 * a kernel of its own.
 */
export async function refuseUnrecordable(configuration: Configuration, request: RunRequest): Promise<void> {
  const resolution = configuration.resolve(request);
  const { baseline, engine } = resolution.config;
  refuseWithoutDocker('capacity measure', engine);
  if (await isAskedFor(engine, request)) {
    const { transport, address } = await findEndpoint(request);
    const isHere = transport === 'unix' || (isLoopback(address.shown) && (await isWithinReach(request)));
    if (!isHere)
      throw refusal(
        text.unusable,
        { file: '--engine', key: engine },
        why.elsewhere({ endpoint: address.shown }),
      );
  }
  const { entries } = await registeredRuntimes(resolution);
  const entry = entries.find(({ name }) => name === baseline);
  if (entry !== undefined && familyOfEntry(entry).kernel !== 'host')
    throw refusal(text.unusable, { file: '--baseline', key: baseline }, why.otherKernel({ baseline }));
}

/** Is the daemon on this host? True for one that does not answer: who opens it says why. */
async function isWithinReach(flags: DaemonFlags): Promise<boolean> {
  const connected = await connectIfThere(flags);
  await connected?.close();
  return connected?.engine.facts.local ?? true;
}

/** The preset that holds what is measured. */
export const capacityPreset = 'capacity';

/** OcibenchError (exit 2) if the run that is to be gone on with is no capacity recording. */
export function refuseOtherRun({ runId, config }: RunRecord): void {
  const { preset } = config;
  if (preset === capacityPreset) return;
  throw refusal(text.unusable, { file: '--resume', key: runId }, why.otherPreset({ preset }));
}

/** OcibenchError (exit 2) if nothing but the baseline could run: no cell can be measured further. */
export function refuseAlone({ runId, config }: RunRecord, others: readonly string[]): void {
  if (others.length > 0) return;
  const { baseline } = config;
  throw refusal(text.unusable, { file: '--resume', key: runId }, why.nothingBeside({ baseline }));
}

/**
 * OcibenchError (exit 3), with the fix, if the workloads of a run could not be recorded here: no root, no cgroups, programs
 * that are missing, or no bpftrace that starts. For commands that measure for a long time before they record.
 */
export async function refuseWithoutBpftrace(
  { environment, clock }: Pick<AppContext, 'environment' | 'clock'>,
  find: (program: string) => Promise<string | null> = findProgram,
): Promise<void> {
  await refuseWithoutMeans(environment, why.root);
  const refuse = (reason: Reason) => noTracer({ tracer: null, refused: [{ kind: 'bpftrace', reason }] });
  if ((await find('bpftrace')) === null)
    throw refuse(tracerReasons.missing({ program: 'bpftrace', package: 'bpftrace' }));
  const { hierarchy } = cgroupsHere();
  const scratch = await makeScratch(`${newRunId(clock.date())}-tracer`);
  try {
    const found = await findBpftrace({ scratch, controller: hierarchy.position, architecture: machine() });
    if ('code' in found) throw refuse(found);
  } finally {
    await removeScratch(scratch);
  }
}
