import { join, resolve } from 'node:path';
import { joinCgroups } from '../collect/cgroup/make.ts';
import { removeRunCgroups } from '../collect/cgroup/run.ts';
import { readHostFacts } from '../host/facts.ts';
import { findProgram } from '../host/programs.ts';
import { registerRun, unregisterRun } from '../host/run-registry.ts';
import { notices, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type ExitCode, exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import { type Profile, profilePrefix, profileVersion } from '../model/profile.ts';
import { saidAs } from '../model/said.ts';
import { attachTracer, type Choice, passedOver } from '../profile/choose.ts';
import { profileFiles } from '../profile/files.ts';
import { LoopError, startLoop } from '../profile/loop.ts';
import { type Measured, measure, NotBegun, TracerLost } from '../profile/measure.ts';
import { callNames } from '../profile/names/call-names.ts';
import { notesOn } from '../profile/notes.ts';
import { targetProblem } from '../profile/problem.ts';
import { targetReasons } from '../profile/words.ts';
import type { AppContext } from './context.ts';
import { EngineError, makeScratch, removeScratch } from './engines.ts';
import { holdHost } from './host-lock.ts';
import { clearLeftovers } from './leftovers.ts';
import { cgroupsHere, openTarget, ownCgroup, type ProfileFlags, profileRequest } from './profile-target.ts';
import { newRunId } from './run-id.ts';
import { refuseOthersOut } from './stored-run.ts';

export type { ProfileFlags } from './profile-target.ts';

const text = notices('profile', {
  interrupted: 'interrupted: ending the profile',
  noTracer: 'no tracer can be used here',
  needsRoot: 'tracing needs root',
  noPrograms: 'programs are missing',
  tracerLost: 'the tracer ended too early, or what it counted cannot be read',
  watching: '{target}: counted with {tracer} {version} {until}',
  forTime: 'for {seconds} s',
  untilEnd: 'until it ends',
  passedOver: '{tracer} is not used: {why}\n  fix: {fix}',
  engineFailed: 'the container could not be started: {said}',
  preparing: 'preparing: the tracer is loaded, and its cost is measured',
});

const why = reasons('profile', {
  root: { message: 'only root may see the calls of others', fix: 'sudo {program} profile …' },
  program: { message: '{program} is not installed', fix: 'apt-get install -y {package}' },
  loop: { message: 'the loop of known calls cannot run: {said}', fix: 'apt-get install -y perl-base' },
  lost: { message: 'it said: {said}', fix: 'try another one:  --tracer perf' },
});

/** A profile and its files. */
export interface Profiled {
  readonly profile: Profile;
  readonly files: { readonly json: string; readonly picture: string };
  readonly exitCode: ExitCode;
}

/** Programs without which nothing is traced, and their Debian packages. */
const needed = [
  ['perl', 'perl-base'],
  ['setpriv', 'util-linux'],
  ['unshare', 'util-linux'],
] as const;

async function refuseWithoutPrograms(): Promise<void> {
  const problems = [];
  for (const [program, name] of needed)
    if ((await findProgram(program)) === null)
      problems.push(problemOf({ file: 'profile', key: '' }, why.program({ program, package: name })));
  if (problems.length > 0)
    throw new OcibenchError(text.noPrograms, { exitCode: exitCodes.noEngine, problems });
}

function notHere(what: Message, reason: ReturnType<typeof why.lost>): OcibenchError {
  return new OcibenchError(what, {
    exitCode: exitCodes.noEngine,
    problems: [problemOf({ file: 'profile', key: '' }, reason)],
  });
}

/** The error where no tracer works: each with what is missing and its fix. */
function noTracer({ refused }: Choice): OcibenchError {
  return new OcibenchError(text.noTracer, {
    exitCode: exitCodes.noEngine,
    problems: refused.map(({ kind, reason }) => problemOf({ file: kind, key: '' }, reason)),
  });
}

/** What went wrong while measuring, as an error of ocibench; others are given back. */
function failureOf(error: unknown): unknown {
  if (error instanceof NotBegun) return targetProblem('profile', targetReasons.gone);
  if (error instanceof TracerLost) return notHere(text.tracerLost, why.lost({ said: error.message }));
  if (error instanceof EngineError)
    return new OcibenchError(text.engineFailed({ said: error.said }), {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  if (error instanceof LoopError) return notHere(text.noPrograms, why.loop({ said: error.message }));
  return error;
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
  if (!environment.isRoot) throw notHere(text.needsRoot, why.root({ program: environment.program }));
  await refuseWithoutPrograms();
  const cgroups = cgroupsHere();
  const out = resolve(environment.workingDirectory, flags.out ?? '.');
  await refuseOthersOut(out);
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
      const { path } = ownCgroup(cgroups, runId, 'loop');
      const loop = afterwards.use(
        await startLoop((pid) => {
          const problems = joinCgroups(cgroups.layout, path, pid);
          if (problems.length > 0) throw new LoopError(problems.join('; '));
        }),
      );
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
  const { exitCode: code, counted: _, had32Bit: __, ...figures } = measured;
  const profiled: Profile = {
    profileVersion,
    profileId: `${profilePrefix}${runId}`,
    startedAt,
    harnessVersion: environment.version,
    host,
    target: { ...target.record, command: [...target.record.command], exitCode: code },
    tracer: { ...choice.tracer.facts, passedOver: passedOver(choice.refused) },
    ...figures,
    notes: notesOn({ measured, facts: choice.tracer.facts, watched: target.watched }).map((note) =>
      saidAs('note', note),
    ),
  };
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
  const { icicle } = await import('../profile/icicle.ts');
  await store.writeAtomically(picture, await pictures.svg(icicle(profiled, reporter.lang)));
  return { json, picture };
}

function exitCodeOf({ endedBy, exitCode }: Measured): ExitCode {
  if (endedBy === 'interrupt') return exitCodes.interrupted;
  return exitCode === null || exitCode === 0 ? exitCodes.ok : exitCodes.someFailed;
}
