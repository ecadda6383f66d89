import { resolve } from 'node:path';
import { execa } from 'execa';
import { connectIfThere } from '../engine/connect.ts';
import type { DaemonFlags } from '../engine/docker-context.ts';
import type { DockerEngine, OurContainer } from '../engine/docker-engine.ts';
import { hostIdentity } from '../host/host-identity.ts';
import { isRunning } from '../host/process-identity.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { messages } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { holdHost } from './host-lock.ts';
import { interruptSignal } from './interrupt.ts';
import { spoken, spokenLanguage } from './language.ts';
import { isLeftover, removeContainers, removeLeftovers } from './leftovers.ts';
import { newRunId } from './run-id.ts';
import { cacheDirectory } from './session.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench clean`. */
export interface CleanFlags extends DaemonFlags {
  readonly out?: string;
  /** Wait for a measurement on this host to end. */
  readonly wait?: boolean;
  readonly otherHosts?: boolean;
  readonly images?: boolean;
  readonly cache?: boolean;
}

/** Is the container's run one that is seen to go on, on this host? */
function isMeasured({ host, owner }: OurContainer): boolean {
  return host === hostIdentity() && owner !== null && isRunning(owner);
}

/** Removes containers from the daemon; those whose run cannot be seen from here only where the user asks for it. */
async function cleanDaemon(engine: DockerEngine, flags: CleanFlags): Promise<readonly string[]> {
  const unwanted = (container: OurContainer) =>
    isLeftover(container, engine.facts.local) || (flags.otherHosts === true && !isMeasured(container));
  const removed = [...(await removeContainers(engine, unwanted))];
  if (flags.images) removed.push(...(await engine.removeOurImages()));
  const others = await engine.ourContainers().catch(() => []);
  const elsewhere = others.filter(({ host }) => host !== hostIdentity());
  if (elsewhere.length > 0)
    terminal.warn(
      `containers of other hosts' runs on this daemon, left alone: ${elsewhere.length}; once none of them measures any more:  ocibench clean --other-hosts`,
    );
  const unseen = others.filter((each) => each.host === hostIdentity() && !isMeasured(each));
  if (unseen.length > 0)
    terminal.warn(
      `containers of runs that cannot be seen from here (another PID namespace, ocibench 0.1), left alone: ${unseen.length}; once none of them measures any more:  ocibench clean --other-hosts`,
    );
  return removed;
}

/** `ocibench clean`: goes by our labels, our records and our names alone, and holds the host's lock meanwhile. */
export async function cleanCommand(flags: CleanFlags): Promise<ExitCode> {
  const interrupt = interruptSignal(() => terminal.log('interrupted: ending the clean-up'));
  try {
    await using lock = await holdHost({
      command: 'ocibench clean',
      runId: () => newRunId(new Date()),
      wait: flags.wait ?? false,
      interrupt: interrupt.signal,
      m: messages(spokenLanguage()),
    });
    const found = await removeLeftovers(resolve(flags.out ?? '.'));
    const removed = [...(lock.tookOver === null ? [] : [lock.tookOver]), ...found.removed];
    const connected = await connectIfThere(flags);
    if (connected !== null) {
      removed.push(...(await cleanDaemon(connected.engine, flags)));
      await connected.close();
    }
    if (flags.cache) {
      // GNU rm walks by file descriptors: a directory that somebody exchanges meanwhile leads nowhere else.
      await execa('rm', ['-rf', '--one-file-system', '--', cacheDirectory()], { stdin: 'ignore' });
      removed.push(cacheDirectory());
    }
    for (const what of found.leftAlone) terminal.warn(terminalText(`left alone: ${what}`));
    const nothing = found.leftAlone.length === 0 ? 'nothing was left behind' : 'nothing was removed';
    const words = removed.length === 0 ? [nothing] : removed.map((what) => `removed ${what}`);
    terminal.result(words.map((word) => terminalText(spoken(word))).join('\n'));
    return exitCodes.ok;
  } finally {
    interrupt.dispose();
  }
}
