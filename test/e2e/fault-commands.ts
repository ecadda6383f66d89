import { setTimeout as sleep } from 'node:timers/promises';
import { hostLockOwner } from '../../src/host/host-lock.ts';
import type { FaultResult } from './fault-injection.ts';
import { type Place, tracesOf } from './fault-traces.ts';
import { ocibench } from './support.ts';
import { untilNone } from './until-none.ts';

/** Faults of commands that are no run. */
export const commandFaults = ['SIGKILL of calibrate', 'SIGTERM of calibrate', 'SIGKILL of clean'] as const;
type CommandFault = (typeof commandFaults)[number];

const settleMs = 20_000;
const calibrate = [
  ...['calibrate', '--engine', 'embedded', '--runtimes', 'runc', '--checks', 'delay', '--blocks', '2..2'],
];
const run = ['run', '--engine', 'embedded', '--runtimes', 'runc', '--workloads', 'startup/echo'];

/** Starts a command and ends it after a time; the id of its run, and how it ended. */
async function cutOff(place: Place, args: readonly string[], signal: NodeJS.Signals, afterMs: number) {
  const child = ocibench([...args, '--out', place.out], place.out, place.environment);
  let over = false;
  const ended = child.then((result) => {
    over = true;
    return result;
  });
  let runId: string | null = null;
  for (const deadline = performance.now() + afterMs; performance.now() < deadline && !over; await sleep(20))
    runId = (await hostLockOwner(place.lock))?.runId ?? runId;
  const missed = over;
  child.kill(signal);
  return { runId, missed, result: await ended };
}

/** Kills a calibration or a clean-up at a random time, then looks at what is left on the host. */
export async function strikeCommand(
  place: Place,
  fault: CommandFault,
  random: () => number,
): Promise<FaultResult> {
  const signal = fault.startsWith('SIGTERM') ? 'SIGTERM' : 'SIGKILL';
  const violations: string[] = [];
  const ofClean = fault.endsWith('clean');
  // A clean-up has something to remove after a run that was killed.
  const killedRun = ofClean ? await cutOff(place, run, 'SIGKILL', 1_500 + random() * 3_000) : null;
  const afterMs = ofClean ? 200 + random() * 2_000 : random() * 12_000;
  const struck = await cutOff(place, ofClean ? ['clean'] : calibrate, signal, afterMs);
  const said = `exit ${struck.result.exitCode ?? struck.result.signal}: ${struck.result.stderr.slice(-600)}`;
  if (/fault of ocibench itself/.test(said)) violations.push(said);
  const ids = [killedRun?.runId, struck.runId].filter((id) => id !== null && id !== undefined);
  const find = async () => (await Promise.all(ids.map((id) => tracesOf(place, id, null)))).flat();
  const alive = async () => (await find()).filter((what) => !/^(?:file|lock|cgroup) /.test(what));
  violations.push(...(await untilNone(settleMs, alive)).map((what) => `still there: ${what}`));
  const leftAtOnce = await find();
  const cleaned = await ocibench(['clean', '--out', place.out], place.out, place.environment);
  if (cleaned.exitCode !== 0) violations.push(`clean: ${cleaned.stderr}`);
  violations.push(...(await find()).map((what) => `left after clean: ${what}`));
  return {
    fault,
    atSeconds: afterMs / 1000,
    trialsBefore: 0,
    outcome: struck.missed ? 'missed' : 'stopped',
    exit: String(struck.result.exitCode ?? struck.result.signal),
    leftAtOnce,
    violations,
  };
}
