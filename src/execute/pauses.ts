import { readFileSync } from 'node:fs';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { startHeartbeat } from './heartbeat.ts';
import { type ClockPair, suspendedMs } from './standstill.ts';

const text = notices('pause', {
  stopped: 'ocibench was stopped in the midst of it (Ctrl-Z, SIGSTOP)',
  stoodStill:
    'ocibench stood still for {ms} ms in the midst of it (freezer cgroup, docker pause, a stopped virtual machine)',
  suspended: 'the host was suspended for {ms} ms in the midst of it',
});

/** Watches for what makes clocks go on while this process does not, or the other way round. */
export interface Pauses extends Disposable {
  /** Begins to watch; called, what it resolves to tells why what was timed since is no value, or null. */
  begin(): Promise<() => Promise<Message | null>>;
}

/** Why a trial in which that happened is no value. */
export const pausedReason: Message = text.stopped;

/**
 * For how long an emulated processor may stand still in one trial, ms: its emulator is a process that other work of its host
 * keeps waiting, which nothing tells the guest. 151 to 280 ms were seen in guests of the lab. What is timed there is marked.
 */
const usualStandstillMs = 2_000;

/** null where /proc/uptime (seconds of CLOCK_BOOTTIME, to 10 ms; proc_uptime(5)) cannot be read. */
function readClocks(): ClockPair | null {
  const beforeMs = performance.now();
  try {
    const seconds = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
    return Number.isFinite(seconds) ? { beforeMs, bootMs: seconds * 1e3, afterMs: performance.now() } : null;
  } catch {
    return null;
  }
}

/**
 * Three ways of being paused, meanwhile containers go on and clocks too, or are paused with us: what was being timed looks as
 * long as the pause, or what ran was not what it is.
 * - A signal stops the process (Ctrl-Z, SIGSTOP; signal(7)): seen by the SIGCONT at its end, however short it was.
 * - A freezer cgroup (`docker pause` of a CI job, `systemctl freeze`) or a stopped virtual machine whose clock goes on: no
 *   signal tells; the heartbeat does.
 * - The host is suspended: CLOCK_MONOTONIC stands still too, CLOCK_BOOTTIME does not (clock_gettime(2)).
 */
export async function watchPauses({ emulated = false } = {}): Promise<Pauses> {
  const usualMs = emulated ? usualStandstillMs : 0;
  let signals = 0;
  const listener = () => {
    signals++;
  };
  const heartbeat = await startHeartbeat();
  process.on('SIGCONT', listener);
  return {
    async begin() {
      const signalsBefore = signals;
      const stoodBefore = await heartbeat.stoodMs();
      const clocks = readClocks();
      return async () => {
        const clocksNow = readClocks();
        const stood = (await heartbeat.stoodMs()) - stoodBefore;
        if (signals !== signalsBefore) return pausedReason;
        if (stood > usualMs) return text.stoodStill({ ms: stood });
        const suspended = clocks === null || clocksNow === null ? 0 : suspendedMs(clocks, clocksNow);
        return suspended === 0 ? null : text.suspended({ ms: Math.round(suspended) });
      };
    },
    [Symbol.dispose]() {
      process.off('SIGCONT', listener);
      heartbeat[Symbol.dispose]();
    },
  };
}
