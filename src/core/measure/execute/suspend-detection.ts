import { readFileSync } from 'node:fs';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { type ClockPair, startHeartbeat, suspendedMs } from './standstill.ts';

const text = notices('pause', {
  stopped: 'ocibench was stopped during the trial (Ctrl-Z, SIGSTOP)',
  stoodStill:
    'ocibench stood still for {ms} ms during the trial (freezer cgroup, docker pause, a stopped virtual machine)',
  suspended: 'the host was suspended for {ms} ms during the trial',
});

/** Detects pauses of this process: times in which a clock goes on and the process does not, or the other way round. */
export interface PauseDetector extends Disposable {
  /** Starts to watch. The returned function resolves with the reason why a time since then is invalid, or null. */
  begin(): Promise<() => Promise<Message | null>>;
}

/** Why a trial with a pause by a signal has no value. */
export const pausedReason: Message = text.stopped;

/**
 * Tolerated standstill of an emulated processor in one trial, ms. Other work of the host delays the emulator, which the
 * guest cannot see: 151 to 280 ms were seen in guests of the lab. Times measured in emulated guests are marked.
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
 * Detects three kinds of pause. A time measured over a pause is too long, or the workload did not run as it should,
 * whether or not containers were paused too.
 * - A signal stops the process (Ctrl-Z, SIGSTOP; signal(7)). The SIGCONT at its end shows it, however short it was.
 * - A freezer cgroup (`docker pause` of a CI job, `systemctl freeze`) or a virtual machine stops the process while the
 *   clock goes on. No signal shows it; the heartbeat does.
 * - The host is suspended. CLOCK_MONOTONIC stands still, and CLOCK_BOOTTIME does not (clock_gettime(2)).
 */
export async function watchPauses({ emulated = false } = {}): Promise<PauseDetector> {
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
