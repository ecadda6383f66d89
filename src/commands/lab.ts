import { rm } from 'node:fs/promises';
import { availableParallelism, machine, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { hostSystem } from '../host/packages.ts';
import { chooseAccelerator } from '../lab/accelerator.ts';
import { runArguments } from '../lab/arguments.ts';
import { makeGuestDirectory, removeStaleGuests } from '../lab/guest-directory.ts';
import { guestOut } from '../lab/guest-files.ts';
import { defaultMemoryMiB, guestLimits, leastMemoryMiB, parseMemory } from '../lab/limits.ts';
import { consoleTail, runMachine } from '../lab/machine.ts';
import { requireLabPrograms } from '../lab/needs.ts';
import type { Accelerator } from '../lab/qemu.ts';
import { bringBack, makeRunDisk, type RunInput, type RunOutput, readRunDisk } from '../lab/run-disk.ts';
import { provideSystemDisk, removeSystemDisks, type SystemDisk } from '../lab/system-disk.ts';
import { calibrationPrefix } from '../model/calibration.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import { messages } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { pointLatest } from '../store/files.ts';
import type { CommonFlags } from './configuration.ts';
import { holdHost } from './host-lock.ts';
import { interruptSignal } from './interrupt.ts';
import { guestInput } from './lab-input.ts';
import { spoken, spokenLanguage } from './language.ts';
import type { RunFlags } from './run.ts';
import { cacheDirectory } from './session.ts';
import { terminal } from './terminal.ts';

/** Options of the lab itself. */
export interface LabFlags extends Pick<CommonFlags, 'out' | 'config' | 'daemonJson'> {
  readonly memory?: string;
  readonly cpus?: string;
  readonly accel?: Accelerator;
}

function labDirectory(): string {
  return join(cacheDirectory(), 'lab');
}

function misuse(key: string, message: string, fix: string): OcibenchError {
  return new OcibenchError('the lab cannot be made like that', {
    exitCode: exitCodes.misuse,
    problems: [{ file: 'command line', key, message, fix }],
  });
}

/** Processors and memory of the guest. OcibenchError (exit 2) where what was asked for is none. */
function guestSize(flags: LabFlags): { readonly cpus: number; readonly memoryMiB: number } {
  const cpus = flags.cpus === undefined ? Math.min(availableParallelism(), 4) : Number(flags.cpus);
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > 255)
    throw misuse('--cpus', `must be a number from 1 to 255, but is '${flags.cpus}'`, 'for example --cpus 2');
  const memoryMiB = flags.memory === undefined ? defaultMemoryMiB(totalmem()) : parseMemory(flags.memory);
  if (memoryMiB === null || memoryMiB < leastMemoryMiB)
    throw misuse(
      '--memory',
      `must be at least ${leastMemoryMiB} MiB, but is '${flags.memory ?? `half of this host's: ${memoryMiB} MiB`}'`,
      'for example --memory 2G',
    );
  return { cpus, memoryMiB };
}

/** What every command of the lab needs first. OcibenchError (exit 3) where the lab cannot run here. */
async function prepareLab(): Promise<SystemDisk & { readonly built: boolean }> {
  if (machine() !== 'x86_64')
    throw new OcibenchError(`the lab runs on x86_64 only; this machine is ${machine()}`, {
      exitCode: exitCodes.noEngine,
    });
  await requireLabPrograms(hostSystem);
  await removeStaleGuests(labDirectory());
  return provideSystemDisk(labDirectory(), terminal.log);
}

/** `ocibench lab build`: the guest's disk, so that the next `lab run` finds it. */
export async function labBuildCommand(): Promise<ExitCode> {
  const { systemDisk, built } = await prepareLab();
  if (!built) terminal.log('the lab is built already');
  terminal.result(systemDisk);
  return exitCodes.ok;
}

/** `ocibench lab clean`: cached disks, and what a lab that was killed left. */
export async function labCleanCommand(): Promise<ExitCode> {
  const removed = [
    ...(await removeSystemDisks(labDirectory())),
    ...(await removeStaleGuests(labDirectory())),
  ];
  terminal.result(
    spoken(
      removed.length === 0 ? 'nothing was left behind' : removed.map((what) => `removed ${what}`).join('\n'),
    ),
  );
  return exitCodes.ok;
}

/** `ocibench lab run -- OPTIONS`: `ocibench run OPTIONS` in the guest. */
export async function labRunCommand(
  lab: LabFlags,
  words: readonly string[],
  flags: RunFlags,
): Promise<ExitCode> {
  return inGuest({ ...lab, ...pick(flags) }, flags, (resumed) => [
    'ocibench',
    'run',
    ...runArguments(words, resumed),
  ]);
}

/** Those options of a run that name a place on this host. */
function pick({ out, config, daemonJson }: RunFlags): Pick<RunFlags, 'out' | 'config' | 'daemonJson'> {
  return {
    ...(out === undefined ? {} : { out }),
    ...(config === undefined ? {} : { config }),
    ...(daemonJson === undefined ? {} : { daemonJson }),
  };
}

/** `ocibench lab exec -- COMMAND`: any command in the guest, as root, with ocibench in PATH. */
export async function labExecCommand(lab: LabFlags, words: readonly string[]): Promise<ExitCode> {
  return inGuest(lab, null, () => words);
}

/** `ocibench lab shell`: an interactive shell in the guest. */
export async function labShellCommand(lab: LabFlags): Promise<ExitCode> {
  if (!process.stdin.isTTY)
    throw misuse('lab shell', 'needs a terminal', 'for one command:  ocibench lab exec -- COMMAND');
  return inGuest(lab, null, () => null);
}

/**
 * Boots a guest, runs the command in it and brings its results back. `run`: the flags of `ocibench run` where that is
 * the command. Returns the command's exit code; OcibenchError where the guest did not get so far.
 */
async function inGuest(
  lab: LabFlags,
  run: RunFlags | null,
  commandOf: (resumed: string | null) => RunInput['command'],
): Promise<ExitCode> {
  const size = guestSize(lab);
  const out = resolve(lab.out ?? '.');
  const input = await guestInput(lab, run, out);
  const system = await prepareLab();
  const images = await input.images();
  const choice = await chooseAccelerator(system, lab.accel ?? null);
  terminal.log(`accelerator: ${choice.accelerator} (${choice.reason})`);
  const command = commandOf(input.resumedId);
  const interrupt = interruptSignal(() =>
    terminal.log('interrupted: the guest ends what it does, its results are brought back'),
  );
  // A guest measures on this host's processors.
  await using _lock =
    run === null
      ? null
      : await holdHost({
          command: 'ocibench lab run',
          runId: () => 'lab',
          wait: run.wait ?? false,
          interrupt: interrupt.signal,
          m: messages(spokenLanguage()),
        });
  const directory = await makeGuestDirectory(labDirectory());
  try {
    const attempt = async (accelerator: Accelerator) => {
      const { config, maxTimeMs, note } = input.forAccelerator(accelerator);
      if (note !== null) terminal.log(note);
      const runDisk = await makeRunDisk(directory, { ...input, command, config, images });
      const consoleLog = join(directory, 'console.log');
      const began = performance.now();
      terminal.log(`booting a guest with ${size.cpus} CPUs and ${size.memoryMiB} MiB of memory`);
      const mode = command === null ? 'shell' : 'exec';
      const end = await runMachine(
        { ...system, ...size, accelerator, runDisk, mode, consoleLog },
        {
          limits: guestLimits(accelerator, maxTimeMs),
          onBoot: () => terminal.log(`  up after ${((performance.now() - began) / 1000).toFixed(1)} s`),
          onLine: terminal.log,
          interrupt: interrupt.signal,
        },
      );
      return { end, runDisk, consoleLog };
    };
    let { end, runDisk, consoleLog } = await attempt(choice.accelerator);
    if (end.kind === 'failed' && !end.booted && choice.accelerator === 'kvm' && lab.accel === undefined) {
      terminal.log(`the guest did not boot under KVM (${end.reason}): trying again with tcg`);
      ({ end, runDisk, consoleLog } = await attempt('tcg'));
    }
    const output = await readRunDisk(directory, runDisk);
    const runs = await deliver(output, out);
    const [id] = runs;
    if (id !== undefined && end.kind !== 'ended')
      terminal.log(
        `go on with:  ocibench lab run -- --resume ${id}\nreport of what there is:  ocibench report ${id}`,
      );
    if (end.kind === 'interrupted') return exitCodes.interrupted;
    if (end.kind === 'failed' || (command !== null && output.exitCode === null)) {
      const reason = end.kind === 'failed' ? end.reason : 'it ended before its command did';
      const tail = (await consoleTail(consoleLog)).split('\n').map((line) => terminalText(line));
      throw new OcibenchError(
        `the guest failed: ${terminalText(reason)}; its console ends with:\n  ${tail.join('\n  ')}`,
        { exitCode: exitCodes.someFailed },
      );
    }
    for (const what of output.leftovers) terminal.log(`left in the guest: ${what}`);
    return exitCodeOf(output.exitCode ?? 0);
  } finally {
    interrupt.dispose();
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Brings back what was measured and prints what the command printed, with the guest's paths replaced by those here.
 * Returns the ids of the runs; a calibration is none: nothing can be reported of it, and it cannot be gone on with.
 */
async function deliver(output: RunOutput, out: string): Promise<readonly string[]> {
  const runs = await bringBack(output.out, out);
  for (const [kind, ids] of Object.entries(runs)) {
    const newest = ids.findLast(isRun);
    if (newest !== undefined) await pointLatest(join(out, kind), newest);
  }
  const text = output.stdout.replaceAll(guestOut, () => out);
  if (text !== '') terminal.result(text);
  return runs.results.filter(isRun);
}

function isRun(id: string): boolean {
  return !id.startsWith(calibrationPrefix);
}

/** A command's exit code as one of ours: what is none of them is a failure. */
function exitCodeOf(code: number): ExitCode {
  return Object.values(exitCodes).find((known) => known === code) ?? exitCodes.someFailed;
}
