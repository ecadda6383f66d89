import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { clearLeftovers } from '../../../app/leftovers/leftovers.ts';
import { makeScratch, removeScratch } from '../../../app/measure/engines.ts';
import { holdHost } from '../../../app/measure/host-lock.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { claimOut } from '../../../app/measure/stored-run.ts';
import { removeRunCgroups } from '../../../core/collect/cgroup/run.ts';
import { readHostFacts } from '../../../core/host/facts.ts';
import { registerRun, unregisterRun } from '../../../core/host/run-registry.ts';
import { notices } from '../../../core/messages/define.ts';
import { type ExitCode, exitCodes } from '../../../core/model/error.ts';
import { callNames } from '../../../core/syscalls/call-names.ts';
import { attachTracer } from './choose.ts';
import { measure, type WindowMeasurement } from './measure.ts';
import type { Recording } from './recording.ts';
import { failureOf, loopOf, noTracer, recordingOf, refuseWithoutMeans } from './recording-parts.ts';
import { cgroupsHere, openTarget, type RecordFlags, recordRequest } from './recording-target.ts';

/** The files of a recording in its directory. */
function recordingFiles(directory: string) {
  return { json: join(directory, 'recording.json'), picture: join(directory, 'calls.svg') };
}

export type { RecordFlags } from './recording-target.ts';

const text = notices('recording', {
  interrupted: 'interrupted: ending the recording',
  watching: '{target}: counted with {tracer} {version} {until}',
  forTime: 'for {seconds} s',
  untilEnd: 'until it ends',
  passedOver: '{tracer} cannot be used: {why}\n  fix: {fix}',
  preparing: 'preparing: loading the tracer and measuring its cost',
});

/** A recording and its files. */
export interface RecordingResult {
  readonly recording: Recording;
  readonly files: { readonly json: string; readonly picture: string };
  readonly exitCode: ExitCode;
}

/**
 * `ocibench capacity record`: records the demand of a command, a container, a cgroup or an image on the kernel. OcibenchError: exit 2 if
 * the target cannot be recorded, 3 if no tracer works here, 4 if another process is measuring.
 */
export async function record(
  app: AppContext,
  flags: RecordFlags,
  command: readonly string[],
): Promise<RecordingResult> {
  const { reporter, environment, clock } = app;
  const request = await recordRequest(flags, command);
  await refuseWithoutMeans(environment);
  const cgroups = cgroupsHere();
  const out = resolve(environment.workingDirectory, flags.out ?? '.');
  claimOut(out);
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench capacity record',
    runId: () => newRunId(clock.date()),
    wait: flags.wait ?? false,
    interrupt: interrupt.signal,
  });
  await clearLeftovers(app, out);
  const { runId, since: startedAt } = lock.owner;
  await using afterwards = new AsyncDisposableStack();
  await registerRun(runId);
  afterwards.defer(() => unregisterRun(runId));
  const scratch = await makeScratch(runId);
  afterwards.defer(() => removeScratch(scratch));
  afterwards.defer(async () => void (await removeRunCgroups(cgroups.layout, runId)));
  const target = afterwards.use(await openTarget(request, flags, { cgroups, runId }));
  reporter.log(text.preparing);
  const host = await readHostFacts();
  const { choice, measured } = await (async () => {
    try {
      const loop = afterwards.use(await loopOf(cgroups, runId));
      const before = await loop.phase();
      const known = callNames(host.arch);
      const chosen = await attachTracer(flags.tracer ?? null, {
        watched: target.watched,
        loop,
        names: known,
        controller: cgroups.hierarchy.position,
        architecture: host.arch,
        timedOneOf: request.timedOneOf,
        scratch,
      });
      const { tracer } = chosen;
      if (tracer === null) throw noTracer(chosen);
      for (const { kind, reason } of chosen.refused)
        reporter.log(text.passedOver({ tracer: kind, why: reason.message, fix: reason.fix }));
      afterwards.use(tracer);
      const { forMs } = request;
      reporter.log(
        text.watching({
          target: request.name,
          tracer: tracer.facts.kind,
          version: tracer.facts.version,
          until: forMs === null ? text.untilEnd : text.forTime({ seconds: forMs / 1000 }),
        }),
      );
      const found = await measure({
        target,
        tracer,
        loop,
        layout: cgroups.layout,
        before,
        forMs,
        interrupt: interrupt.signal,
      });
      return { choice: { ...chosen, tracer }, measured: found };
    } catch (error) {
      throw failureOf(error);
    }
  })();
  const recorded = recordingOf(measured, {
    runId,
    startedAt,
    host,
    target,
    harnessVersion: environment.version,
    exitCode: measured.exitCode,
    tracer: choice.tracer,
    refused: choice.refused,
  });
  const files = await write(app, join(out, 'results', recorded.recordingId), recorded);
  return { recording: recorded, files, exitCode: exitCodeOf(measured) };
}

async function write(
  { store, pictures, reporter }: AppContext,
  directory: string,
  recorded: Recording,
): Promise<RecordingResult['files']> {
  const { json, picture } = recordingFiles(directory);
  await store.writeAtomically(json, `${JSON.stringify(recorded, null, 1)}\n`);
  const { icicle } = await import('./icicle.ts');
  await store.writeAtomically(picture, await pictures.svg(icicle(recorded, reporter.lang)));
  return { json, picture };
}

function exitCodeOf({ endedBy, exitCode }: WindowMeasurement): ExitCode {
  if (endedBy === 'interrupt') return exitCodes.interrupted;
  return exitCode === null || exitCode === 0 ? exitCodes.ok : exitCodes.someFailed;
}
