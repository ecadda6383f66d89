import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, readdir, realpath, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeTree } from '../../../../app/measure/engines.ts';
import { type RunProgram, runProgram } from '../../../../core/host/programs.ts';
import { identifyRuntime } from '../../../../core/host/runtimes.ts';
import { openStateDirectory, stateChoice } from '../../../../core/host/state-directory.ts';
import { diskError } from '../../../../core/model/machine/disk-error.ts';
import type { RuntimeEntry } from '../../../../core/model/runtime/runtime.ts';
import { familyOfEntry } from '../../../../core/runtimes/registry.ts';
import { syncDirectory, writeAtomically } from '../../../../core/store/files.ts';
import { type Pin, pinVersion } from './pin-record.ts';
import {
  openToRuntimes,
  pinDirectory,
  pinFile,
  pinnedProgram,
  pinsDirectory,
  traversable,
} from './pinned-copies.ts';

const unfinished = '.new';

/** Time limit for a copy to print its version, ms. Generous: nothing is being measured, and a loaded host must not fail it. */
const answerMs = 60_000;

/**
 * Copies a runtime's program, with the programs beside it, and makes the copy the runtime's pin once it is completely on disk:
 * if killed before that, the previous pin stays. The caller holds the lock of the host. `run` is replaced in tests.
 */
export async function savePin(
  entry: RuntimeEntry,
  source: string,
  at: string,
  run: RunProgram = runProgram,
): Promise<Pin> {
  await openPins(entry.name);
  const place = join(pinDirectory(entry.name), unfinished);
  await removeTree(place);
  try {
    const pin = await copyInto(place, entry, source, at, run);
    const target = dirname(pinnedProgram(pin));
    await removeTree(target);
    await rename(place, target);
    await syncDirectory(pinDirectory(entry.name));
    await writeAtomically(pinFile(entry.name), `${JSON.stringify(pin, null, 2)}\n`);
    await chmod(pinFile(entry.name), 0o600);
    await removeOthers(pin);
    return pin;
  } catch (error) {
    await removeTree(place);
    throw diskError(place, error, stateChoice);
  }
}

/** Removes the pin of a runtime with its copy. */
export async function removePin(runtime: string): Promise<void> {
  await removeTree(pinDirectory(runtime));
}

/** Makes the directories of a pin, traversable by all users. */
async function openPins(runtime: string): Promise<void> {
  await openStateDirectory();
  for (const path of [pinsDirectory(), pinDirectory(runtime)])
    await mkdir(path, { mode: traversable }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw diskError(path, error, stateChoice);
    });
  await openToRuntimes(runtime);
}

async function copyInto(
  place: string,
  entry: RuntimeEntry,
  source: string,
  at: string,
  run: RunProgram,
): Promise<Pin> {
  const program = basename(source);
  const copy = join(place, program);
  await mkdir(place, { mode: traversable });
  await chmod(place, traversable);
  await copyOne(source, copy);
  const { sidecars } = familyOfEntry(entry);
  if (sidecars !== undefined) await copyBeside(dirname(await realpath(source)), place, sidecars.directory);
  await syncDirectory(place);
  // Ask the copy, not the original, which may be replaced at this moment.
  const {
    version,
    sha256,
    sidecars: beside,
  } = await identifyRuntime(
    { ...entry, path: copy },
    { run: (file, args, how) => run(file, args, { ...how, timeoutMs: answerMs }) },
  );
  return {
    schema: pinVersion,
    runtime: entry.name,
    program,
    sha256: sha256 ?? '',
    ...(sidecars !== undefined && beside?.sha256
      ? { sidecars: { directory: sidecars.directory, sha256: beside.sha256 } }
      : {}),
    version,
    source,
    runtimeArgs: [...(entry.runtimeArgs ?? [])],
    at,
  };
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await chmod(to, 0o755);
  const handle = await open(to, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function copyBeside(from: string, to: string, directory: string): Promise<void> {
  const source = join(from, directory);
  if (!(await lstat(source).catch(() => null))?.isDirectory()) return;
  const target = join(to, directory);
  await mkdir(target, { mode: traversable });
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true }))
    if (entry.isFile()) await copyOne(join(source, entry.name), join(target, entry.name));
  await syncDirectory(target);
}

/** Removes earlier copies from the directory of a pin. */
async function removeOthers(pin: Pin): Promise<void> {
  const directory = pinDirectory(pin.runtime);
  const kept = new Set([basename(dirname(pinnedProgram(pin))), basename(pinFile(pin.runtime))]);
  for (const name of await readdir(directory)) if (!kept.has(name)) await removeTree(join(directory, name));
}
