import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';

const text = notices('restore', {
  noPort: 'this layer has no checkpoint: choose Docker, containerd or oci',
  noCriu: 'CRIU is not installed:  {command}',
  noLibrary: 'crun finds no library of CRIU:  {command}',
  noExperimental:
    'dockerd has checkpoints only with its experimental features: set "experimental" to true in daemon.json',
  noDirectory: 'dockerd gives crun a directory for CRIU that does not exist',
  noState:
    'crun removes the state of a container that it has stored, so that dockerd cannot clear it away for the restore',
  noNamespace: 'this dockerd cannot restore a container without a network',
  stillThere: 'containerd still had a part of the checkpoint, and dockerd stored it again',
  noKernel: 'the kernel lacks what CRIU needs: {said}',
});

export const { noPort } = text;

/** Debian's packages of CRIU: its program, and the library that crun loads. */
export const criuPackages = ['criu', 'libcriu2'] as const;

/** Command that installs packages of CRIU. */
export function criuCommand(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

const command = criuCommand(criuPackages);

/** CRIU's program is not there. */
export const noCriu = text.noCriu({ command });

/** The call that failed. */
export type StorageCall = 'checkpoint' | 'restore';

type Rule = readonly [pattern: RegExp, reason: (said: string) => Message, afterCheckpoint?: true];

/**
 * Error texts that say that an engine, a runtime or the kernel cannot store or restore at all; seen with dockerd 26.1 and 28.5,
 * runc 1.1 and 1.3, crun 1.21 and 1.28. Where a checkpoint succeeded, only a few can still be true: anything else is a failed restore.
 */
const rules: readonly Rule[] = [
  [/"?criu"?: executable file not found|criu binary not found/i, () => noCriu],
  [/could not load `?libcriu/, () => text.noLibrary({ command })],
  [/only supported on a Docker daemon with experimental features/i, () => text.noExperimental],
  [/error opening CRIU work directory/i, () => text.noDirectory, true],
  [
    /could not delete stale containerd task object:[\s\S]{0,200}cannot open directory/,
    () => text.noState,
    true,
  ],
  [/bind-mount \/proc\/0\/ns\/net/, () => text.noNamespace, true],
  [/Kernel (?:doesn't|does not) support|CONFIG_CHECKPOINT_RESTORE/i, (said) => text.noKernel({ said })],
];

/** dockerd 26.1 stores each checkpoint in containerd again, which may still have a part of it: a later try succeeds. */
const passing = /content sha256:\w+: already exists/;

/** May another try of a restore succeed? */
export function mayPass(said: string): boolean {
  return passing.test(said);
}

/** Why the engine refused a try, in words that are the same for the same reason. */
export function explainedRefusal(said: Message): Message {
  return mayPass(said.text) ? text.stillThere : said;
}

/** Why this call can never succeed here, by the engine's error text; null for any other failure. */
export function whyNever(said: string, call: StorageCall): Message | null {
  const line = said.replaceAll(/\s+/g, ' ').slice(0, 300);
  const rule = rules.find(
    ([pattern, , afterCheckpoint]) => (call === 'checkpoint' || afterCheckpoint) && pattern.test(said),
  );
  return rule === undefined ? null : rule[1](line);
}
