import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerProgram } from './docker-program.ts';

/** How often it is tried to remove what has a label, and the pause between, ms. */
const removalTries = 20;
const removalPauseMs = 500;
/** Time for one kind of things, ms: volumes may hold millions of files. */
const removalMs = 120_000;

/** Removes what has the label, which is one of ours: containers, networks, volumes. False where something stays. */
export async function removeLabelled(docker: DockerProgram, label: string): Promise<boolean> {
  for (let tries = 0; tries < removalTries; tries++) {
    if (await isGone(docker, label)) return true;
    await sleep(removalPauseMs);
  }
  return false;
}

/** Removes what has the label; was there nothing any more? */
async function isGone(docker: DockerProgram, label: string): Promise<boolean> {
  const filter = ['--quiet', '--filter', `label=${label}`];
  const kinds = [
    [
      ['ps', '--all', ...filter],
      ['rm', '--force', '--volumes'],
    ],
    [
      ['network', 'ls', ...filter],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls', ...filter],
      ['volume', 'rm'],
    ],
  ] as const;
  let wasGone = true;
  for (const [list, remove] of kinds) {
    const { exitCode, stdout } = await docker.run(list);
    const found = stdout.split('\n').filter((id) => id !== '');
    if (exitCode !== 0 || found.length > 0) wasGone = false;
    if (found.length > 0) await docker.run([...remove, ...found], { limitMs: removalMs });
  }
  return wasGone;
}
