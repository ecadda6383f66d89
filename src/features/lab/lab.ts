import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism, machine, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { AppContext } from '../../app/context.ts';
import { holdHost } from '../../app/measure/host-lock.ts';
import { claimOut } from '../../app/measure/stored-run.ts';
import { hostSystem } from '../../app/packages/packages.ts';
import { readStat } from '../../core/collect/process/read.ts';
import type { RunRequest } from '../../core/config/command-line.ts';
import { parseSize } from '../../core/config/quantities.ts';
import { external, quantity } from '../../core/messages/compose.ts';
import { messages, notices, reasons } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { type ExitCode, exitCodes, OcibenchError, refusal } from '../../core/model/failure/error.ts';
import { calibrationPrefix } from '../../core/store/run-ids.ts';
import { terminalText } from '../../report/document/sanitize.ts';
import { chooseAccelerator } from './accelerator.ts';
import { guestOut } from './guest-files.ts';
import { type GuestTerminal, guestInput, placesOf } from './input.ts';
import { defaultKernel, type GuestKernel } from './kernel.ts';
import { defaultMemoryMiB, guestLimits, minMemoryMiB } from './limits.ts';
import { consoleTail, guestAttempts, runMachine } from './machine.ts';
import { makeMachineDirectory } from './machine-directory.ts';
import { type Accelerator, runArguments } from './qemu.ts';
import { requireLabPrograms } from './requirements/lab.ts';
import { bringBack, makeRunDisk, type RunInput, type RunOutput, readRunDisk } from './run-disk.ts';
import { provideSystemDisk, removeSystemDisks, type SystemDisk } from './system-disk.ts';

const prefix = 'guest-';

/** Identifies a process by pid and start time: the pid alone could since belong to another process. */
function nameOf(pid: number): string | null {
  const stat = readStat('/proc', pid);
  return stat === null ? null : `${prefix}${pid}-${stat.startTicks}`;
}

/** Makes the directory below `lab` for the disk of this process's guest. */
export async function makeGuestDirectory(lab: string): Promise<string> {
  const directory = join(lab, nameOf(process.pid) ?? `${prefix}${process.pid}-0`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** Removes the directories of processes that have ended. Returns the removed paths. */
export async function removeStaleGuests(lab: string): Promise<readonly string[]> {
  const names = await readdir(lab).catch(() => []);
  const stale = names.filter((name) => {
    const pid = /^guest-(\d+)-\d+$/.exec(name)?.[1];
    return pid !== undefined && nameOf(Number(pid)) !== name;
  });
  for (const name of stale) await rm(join(lab, name), { recursive: true, force: true });
  return stale.map((name) => join(lab, name));
}

const words = messages('lab', {
  commandLine: 'command line',
  halfOfHost: "half of this host''s: {mib} MiB",
});
const text = notices('lab', {
  impossible: 'this lab is not possible',
  otherMachine: 'the lab runs on x86_64 only; this machine is {machine}',
  accelerator: 'accelerator: {accelerator} ({reason})',
  interrupted: 'interrupted: the guest finishes its current trial, and its results are copied back',
  booting: 'booting a guest with {cpus} CPUs and {mib} MiB of memory',
  up: '  up after {seconds} s',
  goOn: 'continue with:  @(lab run -- --resume {run})\nreport of what was measured:  @(report {run})',
  endedEarly: 'it ended before its command',
  failed: 'the guest failed: {reason}; its console ends with:\n  {console}',
});
const why = reasons('lab', {
  cpus: {
    message: "must be a number from 1 to 255, but is ''{given}''",
    fix: 'for example --cpus 2',
  },
  memory: {
    message: "must be at least {min} MiB, but is ''{given}''",
    fix: 'for example --memory 2G',
  },
  noTerminal: { message: 'needs a terminal', fix: 'for one command:  @(lab exec -- COMMAND)' },
});

/** Flags of the lab itself. */
export interface LabFlags extends Pick<RunRequest, 'out' | 'config' | 'daemonJson'> {
  readonly memory?: string;
  readonly cpus?: string;
  readonly accel?: Accelerator;
  readonly kernel?: GuestKernel;
}

function labDirectory({ environment }: AppContext): string {
  return join(environment.cacheDirectory, 'lab');
}

/** CPUs and memory of the guest. OcibenchError (exit 2) where a value is invalid. */
function guestSize(flags: LabFlags): { readonly cpus: number; readonly memoryMiB: number } {
  const cpus = flags.cpus === undefined ? Math.min(availableParallelism(), 4) : Number(flags.cpus);
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > 255)
    throw refusal(
      text.impossible,
      { file: words.commandLine, key: '--cpus' },
      why.cpus({ given: flags.cpus ?? '' }),
    );
  const asked = flags.memory === undefined ? null : (parseSize(flags.memory) ?? 0) / 2 ** 20;
  const memoryMiB = Math.floor(asked ?? defaultMemoryMiB(totalmem()));
  if (memoryMiB < minMemoryMiB)
    throw refusal(
      text.impossible,
      { file: words.commandLine, key: '--memory' },
      why.memory({
        min: minMemoryMiB,
        given: flags.memory ?? words.halfOfHost({ mib: memoryMiB }),
      }),
    );
  return { cpus, memoryMiB };
}

/** Builds the guest's disk unless it is there. OcibenchError (exit 3) where the lab cannot run here. */
export async function buildLab(
  app: AppContext,
  { kernel = defaultKernel }: Pick<LabFlags, 'kernel'>,
): Promise<SystemDisk & { readonly built: boolean }> {
  if (machine() !== 'x86_64')
    throw new OcibenchError(text.otherMachine({ machine: machine() }), {
      exitCode: exitCodes.noEngine,
    });
  await requireLabPrograms(hostSystem);
  await removeStaleGuests(labDirectory(app));
  return provideSystemDisk(labDirectory(app), kernel, (line: Message) => app.reporter.log(line));
}

/** Removes cached disks and the leftovers of killed labs. Returns the removed paths. */
export async function cleanLab(app: AppContext): Promise<readonly string[]> {
  const directory = labDirectory(app);
  return [...(await removeSystemDisks(directory)), ...(await removeStaleGuests(directory))];
}

/** The task that a guest is booted for. */
export type GuestTask =
  /** `ocibench run` with these options, as typed and as parsed. */
  | { readonly kind: 'run'; readonly words: readonly string[]; readonly request: RunRequest }
  /** Any command, as root, with ocibench in PATH. */
  | { readonly kind: 'exec'; readonly words: readonly string[] }
  | { readonly kind: 'shell' };

function commandOf(task: GuestTask, resumed: string | null): RunInput['command'] {
  if (task.kind === 'shell') return null;
  return task.kind === 'exec' ? task.words : ['ocibench', 'run', ...runArguments(task.words, resumed)];
}

/**
 * Boots a guest, runs the task in it and fetches the results; `show` gets the command's output. Returns the command's exit
 * code. OcibenchError where the guest fails before the command has ended.
 */
export async function runInGuest(
  app: AppContext,
  flags: LabFlags,
  task: GuestTask,
  guest: GuestTerminal,
  show: (printed: string) => void,
): Promise<ExitCode> {
  const run = task.kind === 'run' ? task.request : null;
  const lab = run === null ? flags : { ...flags, ...placesOf(run) };
  if (task.kind === 'shell' && !guest.isInteractive)
    throw refusal(text.impossible, { file: words.commandLine, key: 'lab shell' }, why.noTerminal);
  const size = guestSize(lab);
  const out = resolve(app.environment.workingDirectory, lab.out ?? '.');
  claimOut(out);
  const input = await guestInput(app, lab, run, out, guest);
  const system = await buildLab(app, lab);
  const images = await input.images();
  const { reporter, clock } = app;
  const choice = await chooseAccelerator(system.kernel, lab.accel ?? null);
  reporter.log(text.accelerator({ accelerator: choice.accelerator, reason: choice.reason }));
  const command = commandOf(task, input.resumedId);
  using interrupt = app.interrupts(text.interrupted);
  // Locks the host, since the guest measures on this host's processors.
  await using _lock =
    run === null
      ? null
      : await holdHost(app, {
          command: 'ocibench lab run',
          runId: () => 'lab',
          wait: run.wait ?? false,
          interrupt: interrupt.signal,
        });
  const directory = await makeGuestDirectory(labDirectory(app));
  try {
    const attempt = async (accelerator: Accelerator) => {
      const { config, maxTimeMs, note } = input.forAccelerator(accelerator);
      if (note !== null) reporter.log(note);
      const runDisk = await makeRunDisk(directory, { ...input, command, config, images });
      const files = await makeMachineDirectory(directory, { ...system, runDisk });
      const began = clock.now();
      reporter.log(text.booting({ cpus: size.cpus, mib: size.memoryMiB }));
      const mode = command === null ? 'shell' : 'exec';
      const end = await runMachine(
        { ...files, ...size, accelerator, mode },
        {
          limits: guestLimits(accelerator, maxTimeMs),
          onBoot: () => reporter.log(text.up({ seconds: quantity((clock.now() - began) / 1000, '', 1) })),
          onLine: (line) => reporter.log(external(line)),
          interrupt: interrupt.signal,
        },
      );
      return { end, runDisk, consoleLog: join(files.directory, files.consoleLog) };
    };
    const { end, runDisk, consoleLog } = await guestAttempts(attempt, {
      accelerator: choice.accelerator,
      isChosen: lab.accel !== undefined,
      log: (line) => reporter.log(line),
    });
    const output = await readRunDisk(directory, runDisk);
    const runs = await deliver(app, output, out, show);
    const [id] = runs;
    if (id !== undefined && end.kind !== 'ended') reporter.log(text.goOn({ run: id }));
    if (end.kind === 'interrupted') return exitCodes.interrupted;
    if (end.kind === 'failed' || (command !== null && output.exitCode === null)) {
      const reason = end.kind === 'failed' ? end.reason : text.endedEarly;
      const tail = (await consoleTail(consoleLog)).split('\n').map((line) => terminalText(line));
      throw new OcibenchError(text.failed({ reason, console: tail.join('\n  ') }), {
        exitCode: exitCodes.someFailed,
      });
    }
    return exitCodeOf(output.exitCode ?? 0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Fetches the results and shows the command's output, with the guest's paths replaced by the host's. Returns the ids of the
 * runs. A calibration is left out: it has no report and cannot be resumed.
 */
async function deliver(
  { store }: AppContext,
  output: RunOutput,
  out: string,
  show: (printed: string) => void,
): Promise<readonly string[]> {
  const runs = await bringBack(output.out, out);
  for (const [kind, ids] of Object.entries(runs)) {
    const newest = ids.findLast(isRun);
    if (newest !== undefined) await store.pointLatest(join(out, kind), newest);
  }
  const printed = output.stdout.replaceAll(guestOut, () => out);
  if (printed !== '') show(printed);
  return runs.results.filter(isRun);
}

function isRun(id: string): boolean {
  return !id.startsWith(calibrationPrefix);
}

/** Maps a command's exit code to one of ocibench's; any other code becomes a failure. */
function exitCodeOf(code: number): ExitCode {
  return Object.values(exitCodes).find((known) => known === code) ?? exitCodes.someFailed;
}
