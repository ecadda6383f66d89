import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from '../../../../core/files/plain-file.ts';
import { sha256Of } from '../../../../core/host/sha256.ts';
import { sidecarDigest } from '../../../../core/host/sidecars.ts';
import { stateDirectory } from '../../../../core/host/state-directory.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { misuse, OcibenchError, problemOf } from '../../../../core/model/failure/error.ts';
import { pinName } from '../../../../core/model/names.ts';
import type { RuntimeEntry } from '../../../../core/model/runtime/runtime.ts';
import { type Pin, pinnable, pinSchema } from './pin-record.ts';

const text = notices('pin', { unusable: 'a pinned runtime cannot be used' });
const why = reasons('pin', {
  unsafe: {
    message: 'users other than its owner could have changed it',
    fix: 'move it away, then:  @(nightly pin {runtime})',
  },
  damaged: {
    message: 'is not the record of a pinned copy',
    fix: '@(nightly pin {runtime} --replace)   (begins new segments in the history)',
  },
  changed: {
    message: 'has sha256 {is}, but {was} was pinned',
    fix: 'restore it, or:  @(nightly pin {runtime} --replace)   (begins new segments in the history)',
  },
  missing: {
    message: 'there is no pinned copy of {runtime}',
    fix: '@(nightly pin {runtime})',
  },
});

const recordFile = 'pin.json';

/** Directory of the pinned copies, with one directory per runtime. Others may traverse it: runsc executes itself as nobody. */
export function pinsDirectory(): string {
  return join(stateDirectory(), 'pins');
}

/** Directory of a runtime's pinned copy. */
export function pinDirectory(runtime: string): string {
  return join(pinsDirectory(), runtime);
}

/** File with the record of a runtime's pinned copy. */
export function pinFile(runtime: string): string {
  return join(pinDirectory(runtime), recordFile);
}

/** Path of the copied program. Its directory is named after its content, so that a new copy never overwrites an old one. */
export function pinnedProgram({
  runtime,
  sha256,
  program,
}: Pick<Pin, 'runtime' | 'sha256' | 'program'>): string {
  return join(pinDirectory(runtime), sha256.slice(0, 16), program);
}

/** The pinned copy as a runtime of its own. */
export function pinEntry(pin: Pin): RuntimeEntry {
  return {
    name: pinName(pin.runtime),
    path: pinnedProgram(pin),
    ...(pin.runtimeArgs.length === 0 ? {} : { runtimeArgs: [...pin.runtimeArgs] }),
    origin: 'pin',
  };
}

/**
 * Mode of a copy's directories: other users may traverse them (runsc does, as nobody), only the owner may list or change them.
 */
export const traversable = 0o711;

/** Lets other users traverse a copy's directory and the state directory, whose other parts are closed themselves. */
export async function openToRuntimes(runtime: string): Promise<void> {
  for (const path of [stateDirectory(), pinsDirectory(), pinDirectory(runtime)])
    await chmod(path, traversable);
}

/** Names of the pinned runtimes, sorted. */
export async function pinnedNames(): Promise<readonly string[]> {
  const names = await readdir(pinsDirectory()).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((each) => pinnable.test(each)).toSorted())
    if ((await lstat(pinFile(name)).catch(() => null)) !== null) found.push(name);
  return found;
}

/** A fault of a pin. */
interface Fault {
  readonly file: string;
  readonly reason: Reason;
}

/** Reads the record of a pin; the program itself is checked by {@link verifiedPins}. OcibenchError (exit 2). */
export async function readPin(runtime: string): Promise<Pin> {
  const found = await pinOrFault(runtime);
  if ('reason' in found) throw refuse([found]);
  return found;
}

/** The pins of these runtimes, each checked against its copy. OcibenchError (exit 2) that names every changed pin. */
export async function verifiedPins(runtimes: readonly string[]): Promise<readonly Pin[]> {
  const pins: Pin[] = [];
  const faults: Fault[] = [];
  for (const runtime of runtimes) {
    const pin = await pinOrFault(runtime);
    const fault = 'reason' in pin ? pin : await programFault(pin);
    if (fault !== null) faults.push(fault);
    else if (!('reason' in pin)) pins.push(pin);
  }
  if (faults.length > 0) throw refuse(faults);
  return pins;
}

function refuse(faults: readonly Fault[]): OcibenchError {
  return misuse(
    text.unusable,
    faults.map(({ file, reason }) => problemOf(file, reason)),
  );
}

async function pinOrFault(runtime: string): Promise<Pin | Fault> {
  const file = pinFile(runtime);
  if (!pinnable.test(runtime) || (await lstat(file).catch(() => null)) === null)
    return { file: pinsDirectory(), reason: why.missing({ runtime }) };
  for (const path of [pinsDirectory(), pinDirectory(runtime), file])
    if (!(await isOurs(path))) return { file: path, reason: why.unsafe({ runtime }) };
  const bytes = await readPlainFile(file, { followLinks: false });
  const pin = parsed(bytes.toString('utf8'));
  return pin?.runtime === runtime ? pin : { file, reason: why.damaged({ runtime }) };
}

function parsed(text: string): Pin | null {
  try {
    return pinSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Does the file belong to this user, and can only this user write to it? */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.uid === process.getuid?.() && (found.mode & 0o022) === 0 && !found.isSymbolicLink();
}

/** How the copy differs from what was pinned; null where it does not. */
async function programFault(pin: Pin): Promise<Fault | null> {
  const { runtime, sha256, sidecars } = pin;
  const file = pinnedProgram(pin);
  const changed = (is: string | null, was: string) =>
    is === was ? null : { file, reason: why.changed({ runtime, is: is ?? 'none', was }) };
  return (
    changed(await sha256Of(file), sha256) ??
    (sidecars === undefined
      ? null
      : changed(await sidecarDigest(join(file, '..', sidecars.directory)), sidecars.sha256))
  );
}

/** OcibenchError that says how a pin has changed; null where it has not. */
export async function pinTrouble(runtime: string): Promise<OcibenchError | null> {
  return verifiedPins([runtime]).then(
    () => null,
    (error: unknown) => {
      if (error instanceof OcibenchError) return error;
      throw error;
    },
  );
}
