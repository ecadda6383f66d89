import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { clearLeftovers } from '../../../app/leftovers/leftovers.ts';
import { makeScratch, removeScratch } from '../../../app/measure/engines.ts';
import { holdHost } from '../../../app/measure/host-lock.ts';
import { newRunId } from '../../../app/measure/run-id.ts';
import { claimOut } from '../../../app/measure/stored-run.ts';
import { removeRunCgroups } from '../../../core/collect/cgroup/run.ts';
import { readHostFacts } from '../../../core/host/facts.ts';
import { registerRun, unregisterRun } from '../../../core/host/run-registry.ts';
import { notices } from '../../../core/messages/define.ts';
import { type ExitCode, exitCodes } from '../../../core/model/error.ts';
import { callNames } from '../../../core/syscalls/call-names.ts';
import { attachTracer } from './choose.ts';
import { type Measured, measure } from './measure.ts';
import { failureOf, loopOf, noTracer, profileOf, refuseWithoutMeans } from './profile-parts.ts';
import type { Profile } from './profile-record.ts';
import { cgroupsHere, openTarget, type ProfileFlags, profileRequest } from './profile-target.ts';

/** The files of a profile in its directory. */
function profileFiles(directory: string) {
  return { json: join(directory, 'profile.json'), picture: join(directory, 'calls.svg') };
}

export type { ProfileFlags } from './profile-target.ts';

const text = notices('profile', {
  interrupted: 'interrupted: ending the profile',
  watching: '{target}: counted with {tracer} {version} {until}',
  forTime: 'for {seconds} s',
  untilEnd: 'until it ends',
  passedOver: '{tracer} is not used: {why}\n  fix: {fix}',
  preparing: 'preparing: the tracer is loaded, and its cost is measured',
});

/** A profile and its files. */
export interface Profiled {
  readonly profile: Profile;
  readonly files: { readonly json: string; readonly picture: string };
  readonly exitCode: ExitCode;
}

/**
 * `ocibench profile`: what a command, a container, a cgroup or an image asks of the kernel. OcibenchError: exit 2 where
 * the target cannot be profiled, 3 where nothing can trace here, 4 where somebody else measures.
 */
export async function profile(
  app: AppContext,
  flags: ProfileFlags,
  command: readonly string[],
): Promise<Profiled> {
  const { reporter, environment, clock } = app;
  const request = await profileRequest(flags, command);
  await refuseWithoutMeans(environment);
  const cgroups = cgroupsHere();
  const out = resolve(environment.workingDirectory, flags.out ?? '.');
  claimOut(out);
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench profile',
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
  const profiled = profileOf(measured, {
    ...{ runId, startedAt, host, target },
    harnessVersion: environment.version,
    exitCode: measured.exitCode,
    tracer: choice.tracer,
    refused: choice.refused,
  });
  const files = await write(app, join(out, 'results', profiled.profileId), profiled);
  return { profile: profiled, files, exitCode: exitCodeOf(measured) };
}

async function write(
  { store, pictures, reporter }: AppContext,
  directory: string,
  profiled: Profile,
): Promise<Profiled['files']> {
  const { json, picture } = profileFiles(directory);
  await store.writeAtomically(json, `${JSON.stringify(profiled, null, 1)}\n`);
  const { icicle } = await import('./icicle.ts');
  await store.writeAtomically(picture, await pictures.svg(icicle(profiled, reporter.lang)));
  return { json, picture };
}

function exitCodeOf({ endedBy, exitCode }: Measured): ExitCode {
  if (endedBy === 'interrupt') return exitCodes.interrupted;
  return exitCode === null || exitCode === 0 ? exitCodes.ok : exitCodes.someFailed;
}
