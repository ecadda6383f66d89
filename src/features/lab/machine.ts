import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { unprivileged, unprivilegedEnvironment } from '../../core/host/boot-guest.ts';
import { messages, notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { spawn } from '../../core/programs/spawn.ts';
import type { GuestLimits } from './limits.ts';
import { type Accelerator, labQemu, type MachineSpec, qemuArguments } from './qemu.ts';

const words = messages('lab.guest', { minutes: '{minutes} minutes' });

const text = notices('lab.guest', {
  noAnswer: 'it did not answer within {time}',
  notDone: 'it did not finish within {time}',
  silent: 'it has not responded for {time}',
  notStarted: 'setpriv or QEMU could not be started: {why}',
  ended: 'QEMU ended',
  endedBooting: 'it ended while booting',
  endedSaying: '{end}: {words}',
});

/** Time for an interrupted guest to end by itself, ms: for the present trial, the clean-up and the records. */
const graceMs = 12_000;

/** How a guest ended. `ended`: it switched itself off. The exit code of its command is on its disk. */
export type MachineEnd =
  | { readonly kind: 'ended' | 'interrupted' }
  | {
      readonly kind: 'failed';
      /** Did it report that it had booted? */
      readonly booted: boolean;
      /** Did it neither end nor answer during the boot? A kernel under emulation may wait for a lost timer interrupt. */
      readonly hung: boolean;
      readonly reason: Message;
    };

function startQemu(spec: MachineSpec): ChildProcess {
  const [program, args] = unprivileged(labQemu, qemuArguments(spec));
  const shell = spec.mode === 'shell';
  return spawn(program, args, {
    cwd: spec.directory,
    env: unprivilegedEnvironment(),
    stdio: shell ? 'inherit' : 'pipe',
    // A Ctrl-C for this process must not end QEMU before the guest has saved its run.
    detached: !shell,
  });
}

/** A guest can print any amount. At most this many bytes are read of a line, and of the end of its console. */
const maxSaid = 64 * 1024;

async function endOf(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(maxSaid),
    0,
    maxSaid,
    Math.max(0, size - maxSaid),
  );
  return buffer.toString('latin1', 0, bytesRead);
}

/** The last lines of a guest's serial console, without terminal control sequences. */
export async function consoleTail(path: string): Promise<string> {
  const text = stripVTControlCharacters(await endOf(path).catch(() => ''));
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(-12).join('\n');
}

/** Splits a stream into lines, cuts them, and removes NULs, the guest's signs of life. */
function lineReader(onLine: (line: string) => void) {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(chunk: Buffer) {
      const parts = decoder.decode(chunk, { stream: true }).replaceAll('\0', '').split('\n');
      for (const [at, part] of parts.entries()) {
        if (at > 0) {
          onLine(rest);
          rest = '';
        }
        rest += part.slice(0, maxSaid - rest.length);
      }
    },
    end() {
      if (rest !== '') onLine(rest);
    },
  };
}

/**
 * Boots a guest and waits for its end. Each phase has a time limit that the guest cannot extend, unless a user types in it.
 * Lines of its command's stderr go to `onLine` as they come. `interrupt` asks the command to stop; a guest that is still
 * running some seconds later is killed. Never rejects; no QEMU is left when it resolves.
 */
export async function runMachine(
  spec: MachineSpec,
  options: {
    readonly limits: GuestLimits;
    readonly onBoot: () => void;
    readonly onLine: (line: string) => void;
    readonly interrupt: AbortSignal;
  },
): Promise<MachineEnd> {
  const { limits, interrupt } = options;
  const qemu = startQemu(spec);
  const { promise, resolve } = Promise.withResolvers<MachineEnd>();
  let booted = false;
  let hung = false;
  let failure: Message | null = null;
  let errors = '';
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, then: () => void) => {
    const timer = setTimeout(then, ms);
    timers.add(timer);
    return timer;
  };
  const end = (reason: Message | null) => {
    failure ??= reason;
    qemu.kill('SIGKILL');
  };
  const time = (ms: number) => ({ time: words.minutes({ minutes: Math.round(ms / 6000) / 10 }) });
  const noAnswer = () => {
    hung = true;
    end(text.noAnswer(time(limits.bootMs)));
  };
  // A user of an interactive guest sees whether it answers.
  const boot = spec.mode === 'shell' ? undefined : after(limits.bootMs, noAnswer);
  let silence: NodeJS.Timeout | undefined;
  const sign = () => {
    if (silence === undefined) {
      booted = true;
      options.onBoot();
      clearTimeout(boot);
      after(limits.runMs, () => end(text.notDone(time(limits.runMs))));
      silence = after(limits.silenceMs, () => end(text.silent(time(limits.silenceMs))));
    } else silence.refresh();
  };
  const reader = lineReader(options.onLine);
  qemu.stdout?.on('data', (chunk: Buffer) => {
    sign();
    reader.push(chunk);
  });
  qemu.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('latin1')).slice(-4000);
  });
  // A write to a guest that has ended fails; `close` reports its end.
  qemu.stdin?.on('error', () => undefined);
  const stop = () => {
    qemu.stdin?.write('interrupt\n');
    after(booted ? graceMs : 0, () => end(null));
  };
  if (interrupt.aborted) stop();
  interrupt.addEventListener('abort', stop, { once: true });

  qemu.once('error', (error) => {
    failure ??= text.notStarted({ why: error.message });
  });
  qemu.once('close', (code) => {
    reader.end();
    for (const timer of timers) clearTimeout(timer);
    interrupt.removeEventListener('abort', stop);
    if (interrupt.aborted) return resolve({ kind: 'interrupted' });
    if (failure === null && code === 0 && (booted || spec.mode === 'shell'))
      return resolve({ kind: 'ended' });
    const said = errors.trim().split('\n').at(-1) ?? '';
    const how = booted ? text.ended : text.endedBooting;
    const ended = said === '' ? how : text.endedSaying({ end: how, words: said });
    resolve({ kind: 'failed', booted, hung, reason: failure ?? ended });
  });
  return promise;
}

const attemptsText = notices('lab', {
  noKvm: 'the guest did not boot under KVM ({reason}): trying again with tcg',
  again: 'the guest hung while booting ({reason}): booting again',
});

/**
 * Boots a guest in up to several attempts: under emulation if it does not boot under KVM (unless the user chose KVM), and once
 * more if it hung. Returns the last attempt, which may have failed.
 */
export async function guestAttempts<T extends { readonly end: MachineEnd }>(
  attempt: (accelerator: Accelerator) => Promise<T>,
  options: {
    readonly accelerator: Accelerator;
    readonly isChosen: boolean;
    readonly log: (line: Message) => void;
  },
): Promise<T> {
  const { isChosen, log } = options;
  let { accelerator } = options;
  let found = await attempt(accelerator);
  if (found.end.kind === 'failed' && !found.end.booted && accelerator === 'kvm' && !isChosen) {
    log(attemptsText.noKvm({ reason: found.end.reason }));
    accelerator = 'tcg';
    found = await attempt(accelerator);
  }
  if (found.end.kind === 'failed' && found.end.hung) {
    log(attemptsText.again({ reason: found.end.reason }));
    found = await attempt(accelerator);
  }
  return found;
}
