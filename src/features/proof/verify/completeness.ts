import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { cellKey } from '../../../core/model/cell.ts';
import { givenUp } from '../../../core/model/given-up.ts';
import type { HostFacts } from '../../../core/model/host.ts';
import type { ScheduledBlock } from '../../../core/model/schedule.ts';
import type { Figure, TrialRecord } from '../../../core/model/trial.ts';
import { type Finding, type Records, trialAt } from './finding.ts';

const amountsText = notices('implausible', {
  negative: '{what} is negative',
  moreCpu: '{what} is {amount} of CPU time in {wall} on {n} CPUs',
  moreMemory: '{what} is {amount}, more than the host has',
});

const ms = 1e6;

/** Tolerance for the kernel's ticks (10 ms per CPU), and for clocks that are read at slightly different times. */
const slackNs = (cpus: number, wallNs: number) => 20 * ms * cpus + wallNs / 50;

/** Tolerance factor for memory that the kernel does not count in MemTotal. */
const memorySlack = 1.1;

/** Amounts that exceed the capacity of the host in the given time. */
export function amountFindings({ run: { host }, trials }: Records): readonly Finding[] {
  return trials.flatMap((trial) => ofTrial(trial, host).map((message) => ({ at: trialAt(trial), message })));
}

function ofTrial(trial: TrialRecord, host: HostFacts): readonly Message[] {
  const { cgroup, engineCpu, processes, noise, iterationNs } = trial;
  const found: Message[] = [];
  const figures: readonly (readonly [string, Figure])[] = [
    ...Object.entries(cgroup?.figures ?? {}).map(([id, figure]) => [`cgroup.${id}`, figure] as const),
    ['engineCpu', engineCpu],
  ];
  for (const [what, figure] of figures) if (amountOf(figure) < 0) found.push(amountsText.negative({ what }));
  const wallNs = Math.max(noise?.wallNs ?? 0, iterationNs ?? 0);
  // `host.cpus` are ocibench's own, and containers may have more: so the host's busy time is a bound, too.
  const most = Math.max(wallNs * host.cpus, noise?.busyNs ?? 0) + slackNs(host.cpus, wallNs);
  const own = cgroup?.figures['cpu.usage'];
  const cpu = { 'cgroup.cpu.usage': amountOf(own), engineCpu: amountOf(engineCpu) };
  const both = Object.values(cpu).reduce((sum, each) => sum + Math.max(0, each), 0);
  if (wallNs > 0 && both > most)
    found.push(
      amountsText.moreCpu({
        what: Object.keys(cpu).join(' + '),
        amount: quantity(both / ms, 'ms', 1),
        wall: quantity(wallNs / ms, 'ms', 1),
        n: host.cpus,
      }),
    );
  const mostMemory = host.memoryBytes * memorySlack;
  const memory: readonly (readonly [string, number])[] = [
    ...Object.entries(cgroup?.figures ?? {})
      .filter(([id]) => heldMemory.has(id))
      .map(([id, figure]) => [`cgroup.${id}`, amountOf(figure)] as const),
    ['processes.pssBytes', processes.reduce((sum, { pssBytes }) => sum + (pssBytes ?? 0), 0)],
  ];
  for (const [what, bytes] of memory)
    if (host.memoryBytes > 0 && bytes > mostMemory)
      found.push(amountsText.moreMemory({ what, amount: quantity(bytes / 2 ** 20, 'MiB', 1) }));
  return found;
}

/** Memory metrics of one instant. Sums over a trial may exceed the host's memory. */
const heldMemory: ReadonlySet<string> = new Set([
  'memory.peak',
  'memory.current',
  'memory.anon',
  'memory.file',
  'memory.shmem',
  'memory.kernel',
]);

function amountOf(figure: Figure | undefined): number {
  return figure !== undefined && 'value' in figure ? figure.value : 0;
}

const text = notices('incomplete', {
  status:
    'the run is {status, select, running {still running, or was killed} interrupted {interrupted} other {failed}}',
  noSchedule: 'schedule.jsonl contains no block',
  noTrial:
    '{n, plural, one {a scheduled trial has no record: {first}} other {{n} scheduled trials have no record, the first is {first}}}',
  torn: 'the last line of {file} was cut off by a crash',
});

/** Parts of a complete run that this one lacks. */
export function missingParts({
  run,
  blocks,
  trials,
  torn,
}: Records & { readonly torn: readonly string[] }): readonly Message[] {
  const missing = unmeasured({ run, blocks, trials });
  const [first] = missing;
  return [
    ...(run.status === 'complete' ? [] : [text.status({ status: run.status })]),
    ...torn.map((file) => text.torn({ file })),
    ...(blocks.length === 0 ? [text.noSchedule] : []),
    ...(first === undefined ? [] : [text.noTrial({ n: missing.length, first })]),
  ];
}

/**
 * Ids of scheduled trials whose record is missing without a reason. Reasons: a time limit or the user ended the run, which cuts
 * the last block of a part; a cell that was given up has no further trials.
 */
function unmeasured({ run, blocks, trials }: Records): readonly string[] {
  const recorded = new Set(trials.map(({ trialId }) => trialId));
  const given = givenUp(
    blocks.flatMap((block) => block.trials.map(({ cell }) => cell)),
    trials,
  );
  const lastOfPart = new Set([
    blocks.length - 1,
    ...(run.extensions ?? []).map(({ fromBlock }) => fromBlock - 1),
  ]);
  return blocks.flatMap((block, n) => {
    const until =
      lastOfPart.has(n) && mayEndEarly(run, n === blocks.length - 1)
        ? lastMeasured(block, recorded)
        : block.trials.length;
    return block.trials
      .slice(0, until)
      .filter(({ trialId, cell }) => !recorded.has(trialId) && !given.has(cellKey(cell)))
      .map(({ trialId }) => trialId);
  });
}

/** May this part have ended early? The reason is recorded only for the last part. */
function mayEndEarly({ stopReason, status }: Records['run'], isLast: boolean): boolean {
  return !isLast || status !== 'complete' || stopReason === 'max-time';
}

/** Number of the block's trials up to the last that has a record. */
function lastMeasured({ trials }: ScheduledBlock, recorded: ReadonlySet<string>): number {
  return trials.findLastIndex(({ trialId }) => recorded.has(trialId)) + 1;
}
