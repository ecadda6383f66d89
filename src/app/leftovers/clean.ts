import { resolve } from 'node:path';
import { hostIdentity } from '../../core/host/host-identity.ts';
import { isRunning } from '../../core/host/process-identity.ts';
import { external } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { execa } from '../../core/programs/execa.ts';
import type { AppContext } from '../context.ts';
import type { ContainerEngine, DaemonFlags, LabelledObject } from '../measure/engines.ts';
import { holdHost } from '../measure/host-lock.ts';
import { newRunId } from '../measure/past-runs.ts';
import type { Leftovers } from './found-leftovers.ts';
import { isLeftover, removeContainers } from './leftovers.ts';

const text = notices('clean', {
  interrupted: 'interrupted: ending the clean-up',
  lookingAgain:
    'cgroups of {n, plural, one {# run} other {# runs}} are empty; checking for {seconds} s whether trials go on in them',
  otherHosts:
    "containers of other hosts' runs on this daemon, left alone: {n}; once none of these hosts measures:  @(clean --other-hosts)",
  unseen:
    'containers of runs that cannot be seen from here (another PID namespace), left alone: {n}; once none of these runs measures:  @(clean --other-hosts)',
});

/** Flags of `ocibench clean`. */
export interface CleanFlags extends DaemonFlags {
  readonly in?: string;
  /** Wait until the measurement on this host has ended. */
  readonly wait?: boolean;
  readonly otherHosts?: boolean;
  readonly images?: boolean;
  readonly cache?: boolean;
}

/** Is the container's run in progress on this host? */
function isMeasured({ host, owner }: LabelledObject): boolean {
  return host === hostIdentity() && owner !== null && isRunning(owner);
}

/**
 * Removes leftover containers from the daemon. Containers whose run cannot be seen from here are removed only with the user's
 * consent.
 */
async function cleanDaemon(
  { reporter }: AppContext,
  engine: ContainerEngine,
  flags: CleanFlags,
): Promise<readonly Message[]> {
  const unwanted = (container: LabelledObject) =>
    isLeftover(container, engine.facts.local) || (flags.otherHosts === true && !isMeasured(container));
  const removed = [...(await removeContainers(engine, unwanted))];
  if (flags.images) removed.push(...(await engine.removeOurImages()).map(external));
  const others = await engine.ourContainers().catch(() => []);
  const elsewhere = others.filter(({ host }) => host !== hostIdentity());
  if (elsewhere.length > 0) reporter.warn(text.otherHosts({ n: elsewhere.length }));
  const unseen = others.filter((each) => each.host === hostIdentity() && !isMeasured(each));
  if (unseen.length > 0) reporter.warn(text.unseen({ n: unseen.length }));
  return removed;
}

/**
 * Removes the leftovers of runs on this host while holding the host's lock. Recognises them only by ocibench's labels, records
 * and names.
 */
export async function cleanHost(app: AppContext, flags: CleanFlags): Promise<Leftovers> {
  const { environment } = app;
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench clean',
    runId: () => newRunId(app.clock.date()),
    wait: flags.wait ?? false,
    interrupt: interrupt.signal,
  });
  const settle = async (n: number, ms: number) => {
    app.reporter.log(text.lookingAgain({ n, seconds: String(ms / 1_000) }));
    return app.clock.sleep(ms, interrupt.signal).then(
      () => true,
      () => false,
    );
  };
  const out = resolve(environment.workingDirectory, flags.in ?? '.');
  const found = await app.host.removeLeftovers(out, settle);
  const removed = [...(lock.tookOver === null ? [] : [external(lock.tookOver)]), ...found.removed];
  const connected = await app.engines.connectIfThere(flags);
  if (connected !== null) {
    removed.push(...(await cleanDaemon(app, connected.engine, flags)));
    await connected.close();
  }
  if (flags.cache) {
    const { cacheDirectory } = environment;
    // GNU rm walks by file descriptor, so a directory that is exchanged meanwhile cannot lead it elsewhere.
    await execa('rm', ['-rf', '--one-file-system', '--', cacheDirectory], { stdin: 'ignore' });
    removed.push(external(cacheDirectory));
  }
  return { removed, leftAlone: found.leftAlone };
}
