import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from '../files/plain-file.ts';
import { notices, type Reason, reasons } from '../messages/define.ts';
import { misuse, OcibenchError, problemOf } from '../model/error.ts';
import { pinName } from '../model/names.ts';
import { type Pin, pinnable, pinSchema } from '../model/pin.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { sha256Of } from './sha256.ts';
import { sidecarDigest } from './sidecars.ts';
import { stateDirectory } from './state-directory.ts';

const text = notices('pin', { unusable: 'a pinned runtime cannot be used' });
const why = reasons('pin', {
  unsafe: {
    message: 'others than its owner could have changed it',
    fix: 'move it away, then:  @(pin {runtime})',
  },
  damaged: {
    message: 'is not the record of a pinned copy',
    fix: '@(pin {runtime} --replace)   (begins new segments in the history)',
  },
  changed: {
    message: 'has sha256 {is}, and {was} was pinned',
    fix: 'restore it, or:  @(pin {runtime} --replace)   (begins new segments in the history)',
  },
  missing: {
    message: 'there is no pinned copy of {runtime}',
    fix: '@(pin {runtime})',
  },
});

const recordFile = 'pin.json';

/** Directory of the pinned copies, one directory a runtime. Others may traverse it: runsc executes itself as nobody. */
export function pinsDirectory(): string {
  return join(stateDirectory(), 'pins');
}

/** Directory of a runtime's pinned copy. */
export function pinDirectory(runtime: string): string {
  return join(pinsDirectory(), runtime);
}

/** Its record. */
export function pinFile(runtime: string): string {
  return join(pinDirectory(runtime), recordFile);
}

/** The copy of the program. Its directory is named by its content, so that a new copy never takes an old one's place. */
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

/** Mode of the directories of a copy: others may go through, as runsc does as nobody; only the owner may list or change. */
export const traversable = 0o711;

/** Others may then pass through the state directory, too: every other part of it is closed itself. */
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

/** What is wrong with a pin. */
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

/** The pins of these runtimes, each as it was copied. OcibenchError (exit 2) that names every one that is not. */
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
    faults.map(({ file, reason }) => problemOf({ file, key: '' }, reason)),
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

/** Does it belong to this user, and can nobody else write to it? */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.uid === process.getuid?.() && (found.mode & 0o022) === 0 && !found.isSymbolicLink();
}

/** Why the copy is not what was pinned; null where it is. */
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

/** Why a pin is not as it was copied, as OcibenchError; null where it is. */
export async function pinTrouble(runtime: string): Promise<OcibenchError | null> {
  return verifiedPins([runtime]).then(
    () => null,
    (error: unknown) => {
      if (error instanceof OcibenchError) return error;
      throw error;
    },
  );
}
