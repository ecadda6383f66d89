import { isLeftover, type RemoveLeftovers } from '../../../app/leftovers/leftovers.ts';
import { labelled, runLabel } from '../../../core/engine/labels.ts';
import { findScratch } from '../../../core/engine/scratch.ts';
import { runProgram } from '../../../core/host/programs.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { parseJson } from '../trying/container-state.ts';

const text = notices('move', { volume: 'volume {name} of run {run}' });

/** Time for one volume, ms: it may hold millions of files. */
const removalMs = 120_000;

/**
 * Removes the volumes of stacks that were tried by processes that have ended, in the Docker of this environment. Their containers
 * and networks have labels as those of any run, and are gone by then. Docker is asked only where a run has left something, or by
 * an explicit clean-up: every measurement comes here, and it may not answer.
 */
const removeVolumes: RemoveLeftovers = async ({ settle }) => {
  if (settle === undefined && (await findScratch()).stale.length === 0) return { removed: [], leftAlone: [] };
  const listed = await runProgram('docker', ['volume', 'ls', '--quiet', '--filter', `label=${runLabel}`]);
  const names = listed.exitCode === 0 ? listed.stdout.split('\n').filter((name) => name !== '') : [];
  const removed: Message[] = [];
  for (const name of names) {
    const words = ['volume', 'inspect', '--format', '{{json .Labels}}', name];
    const { stdout } = await runProgram('docker', words);
    const volume = labelled(name, Object(parseJson(stdout)));
    if (!isLeftover(volume, true)) continue;
    const { exitCode } = await runProgram('docker', ['volume', 'rm', name], { timeoutMs: removalMs });
    if (exitCode === 0) removed.push(text.volume({ name: external(name), run: volume.runId }));
  }
  return { removed, leftAlone: [] };
};

export default removeVolumes;
