import { machine } from 'node:os';
import type { AppContext } from '../../../app/context.ts';
import { makeScratch, removeScratch } from '../../../app/measure/engines.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { type Reason, reasons } from '../../../core/messages/define.ts';
import { findBpftrace } from './bpftrace/installation.ts';
import { noTracer, refuseWithoutMeans } from './recording-parts.ts';
import { cgroupsHere } from './recording-target.ts';
import { tracerReasons } from './words.ts';

const why = reasons('recordCapacity', {
  root: { message: 'only root may see the calls of others', fix: '@(sudo record capacity)' },
});

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
