import { existsSync } from 'node:fs';
import { copyFile, cp, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { families } from '../../src/core/runtimes/registry.ts';

/** What a build of the wrapper costs more; see watched.c. */
export interface Cost {
  readonly delayMs?: number;
  readonly burnMs?: number;
  readonly besideMs?: number;
  readonly holdMib?: number;
  /** Path of the runtime that it starts. */
  readonly target?: string;
}

/** The runtime that everything starts in the end. */
const usual = '/usr/sbin/runc';

/** Builds the wrapper and puts it in its place at once, as an upgrade of a package does. */
export async function installWrapper(path: string, cost: Cost): Promise<void> {
  const { delayMs = 0, burnMs = 0, besideMs = 0, holdMib = 0, target = usual } = cost;
  const defined = {
    DELAY_MS: delayMs,
    BURN_MS: burnMs,
    BESIDE_MS: besideMs,
    HOLD_MIB: holdMib,
    TARGET: JSON.stringify(target),
  };
  const flags = Object.entries(defined).map(([name, value]) => `-D${name}=${value}`);
  const source = join(import.meta.dirname, 'watched.c');
  await execa('gcc', ['-O1', '-static', ...flags, '-o', `${path}.new`, source]);
  await rename(`${path}.new`, path);
}

/** Puts a copy of a program in a place at once, with the programs that it starts from beside its own. */
export async function installCopy(path: string, program: string): Promise<void> {
  for (const { sidecars } of families) {
    if (sidecars === undefined) continue;
    const from = join(dirname(await realpath(program)), sidecars.directory);
    const to = join(dirname(path), sidecars.directory);
    await rm(to, { recursive: true, force: true });
    if (existsSync(from)) await cp(from, to, { recursive: true });
  }
  await copyFile(program, `${path}.new`);
  await rename(`${path}.new`, path);
}
