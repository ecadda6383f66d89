import { open } from 'node:fs/promises';
import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration, requestOf } from '../../../../app/measure/configuration.ts';
import { holdHost } from '../../../../app/measure/host-lock.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { type RegisteredRuntimes, registeredRuntimes } from '../../../../app/measure/registered.ts';
import type { RunFlags, RunRequest } from '../../../../core/config/command-line.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { runtimeDigest, versionOf } from '../../../../core/host/runtimes.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { type OcibenchError, refusal } from '../../../../core/model/failure/error.ts';
import { pinName } from '../../../../core/model/names.ts';
import type { RuntimeEntry } from '../../../../core/model/runtime/runtime.ts';
import { runtimeBinary } from '../../../../core/runtimes/entry.ts';
import { refuseOtherCopy, refusePin } from '../../pin-readers/with-pins.ts';
import { removePin, savePin } from './pin-copy.ts';
import { type Pin, pinnable } from './pin-record.ts';
import { pinEntry, pinnedNames, pinTrouble, readPin } from './pinned-copies.ts';

const text = notices('pin', {
  cannotRemove: '{runtime} cannot be unpinned',
  interrupted: 'interrupted: the pins are unchanged',
});
const why = reasons('pin', {
  unknown: { message: 'there is no such runtime', fix: 'choose from: {names}' },
  name: {
    message: 'its name cannot be a directory name',
    fix: 'register it under a name of letters, digits, dots, dashes, plus signs and underscores',
  },
  shim: {
    message:
      'it is a shim ({type}); the copy would not include what the shim starts (runtime, guest kernel, image and configuration)',
    fix: 'watch it without a pin:  @(compare BEFORE AFTER)',
  },
  noProgram: { message: 'its program {path} does not exist', fix: 'install it, then pin it again' },
  script: {
    message: '{path} is a script: its copy would start the same program as now',
    fix: 'register and pin the program itself',
  },
  copy: { message: 'it is itself a pinned copy', fix: 'pin the runtime:  @(nightly pin {runtime})' },
  pinned: {
    message: 'it is already pinned: {version}, sha256 {sha256}, since {at}',
    fix: 'keep it; or replace it, which begins new segments in the history:  @(nightly pin {runtime} --replace)',
  },
  doesNotStart: {
    message: 'its copy {path} does not start, while the program itself does',
    fix: 'choose a state directory on a file system without noexec:  OCIBENCH_STATE=DIR',
  },
  notPinned: { message: 'it is not pinned', fix: 'choose from: {names}' },
});

/** Flags of `ocibench nightly pin`. */
export interface PinFlags extends Pick<RunFlags, 'set' | 'config' | 'lang'> {
  readonly replace?: boolean;
  readonly remove?: string;
}

/** Result of pinning. */
interface PinResult {
  readonly pin: Pin;
  /** Was the same program already pinned? Then nothing was done. */
  readonly same: boolean;
}

/**
 * Keeps a copy of a runtime's program. An existing pin stays unless `replace` asks for today's program. OcibenchError (exit 2)
 * if the runtime has no program of its own, or if its copy would not stay the same.
 */
export async function pinRuntime(app: AppContext, runtime: string, flags: PinFlags): Promise<PinResult> {
  const request = await requestOf(app, flags, { here: true });
  const configuration = await openConfiguration(app, request, { here: true });
  const registered = await registeredRuntimes(configuration.resolve(request));
  const { entry, source } = await pinnableEntry(runtime, registered);
  using interrupt = app.interrupts(text.interrupted);
  await using _lock = await holdPins(app, request, interrupt.signal);
  if ((await pinnedNames()).includes(runtime) && !flags.replace) {
    const pin = await readPin(runtime);
    const same = pin.sha256 === (await runtimeDigest(entry)) && (await pinTrouble(runtime)) === null;
    if (same) return { pin, same };
    const { version, sha256, at } = pin;
    const values = { version: version ?? pin.program, sha256: sha256.slice(0, 12), at, runtime };
    throw refusePin(runtime, why.pinned(values));
  }
  const pin = await savePin(entry, source, app.clock.date().toISOString());
  if (pin.version === null && (await versionOf(source)) !== null) {
    await removePin(runtime);
    throw refusePin(runtime, why.doesNotStart({ path: pinEntry(pin).path ?? '' }));
  }
  return { pin, same: false };
}

/** The registered runtime and its program. OcibenchError (exit 2) with the reason if it cannot be pinned. */
async function pinnableEntry(
  runtime: string,
  registered: RegisteredRuntimes,
): Promise<{ readonly entry: RuntimeEntry; readonly source: string }> {
  const cannot = (reason: Reason) => refusePin(runtime, reason);
  const { entries } = registered;
  const names = listed(entries.map(({ name }) => name));
  const entry = entries.find(({ name }) => name === runtime);
  if (entry === undefined) throw cannot(why.unknown({ names }));
  if (!pinnable.test(runtime)) throw cannot(why.name);
  if (entry.runtimeType !== undefined) throw cannot(why.shim({ type: entry.runtimeType }));
  for (const pinned of await pinnedNames()) {
    if (runtime !== pinName(pinned)) continue;
    if (entry.path === pinEntry(await readPin(pinned)).path) throw cannot(why.copy({ runtime: pinned }));
  }
  await refuseOtherCopy(runtime, entries);
  const binary = runtimeBinary(entry) ?? runtime;
  const source = await findProgram(binary);
  if (source === null) throw cannot(why.noProgram({ path: binary }));
  if (await isScript(source)) throw cannot(why.script({ path: source }));
  return { entry, source };
}

async function isScript(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString('latin1') === '#!';
  } finally {
    await handle.close();
  }
}

/** Removes a pin. OcibenchError (exit 2) if there is none of that name. */
export async function unpinRuntime(app: AppContext, runtime: string, flags: PinFlags): Promise<void> {
  const request = await requestOf(app, flags, { here: false });
  using interrupt = app.interrupts(text.interrupted);
  await using _lock = await holdPins(app, request, interrupt.signal);
  const names = await pinnedNames();
  if (!names.includes(runtime))
    throw refusal(
      text.cannotRemove({ runtime }),
      { file: 'ocibench nightly pin', key: runtime },
      why.notPinned({ names: listed(names.length > 0 ? names : ['–']) }),
    );
  await removePin(runtime);
}

/** A pin, and whether its files are still as they were copied. */
export interface ListedPin {
  readonly runtime: string;
  /** null if its record cannot be read. */
  readonly pin: Pin | null;
  /** Why it cannot be used; null if it can. */
  readonly trouble: OcibenchError | null;
}

/** All pins of this user on this host. */
export async function listPins(): Promise<readonly ListedPin[]> {
  const pins: ListedPin[] = [];
  for (const runtime of await pinnedNames()) {
    const trouble = await pinTrouble(runtime);
    const pin = await readPin(runtime).catch(() => null);
    pins.push({ runtime, pin, trouble });
  }
  return pins;
}

/** Locks the host: a run in progress may be measuring a copy. */
function holdPins(app: AppContext, { wait = false }: Pick<RunRequest, 'wait'>, interrupt: AbortSignal) {
  return holdHost(app, {
    command: 'ocibench nightly pin',
    runId: () => newRunId(app.clock.date()),
    wait,
    interrupt,
  });
}
