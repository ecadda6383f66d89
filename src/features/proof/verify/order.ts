import { isDeepStrictEqual } from 'node:util';
import { scheduleBlock } from '../../../core/measure/schedule/block.ts';
import { notices } from '../../../core/messages/define.ts';
import { aaControl, type Cell, cellKey, defaultLayer, duetArm } from '../../../core/model/cell.ts';
import { profileName } from '../../../core/model/container-profile.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { ScheduledBlock, TrialSpec } from '../../../core/model/schedule.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import { type Finding, type Records, trialAt } from './finding.ts';

const text = notices('implausible', {
  otherSeed: 'its seed is {seed}, but the configuration says {other}',
  otherBlock: 'it is in the place of block {n}',
  otherPhase: 'it is a block of {phase}, but should be one of {other}',
  unknownCell: 'the run did not plan to measure {cell}',
  notOfSeed: 'its order does not follow from seed {seed}',
  notScheduled: 'schedule.jsonl does not contain it',
  scheduledOtherwise: 'schedule.jsonl has another {what} for it',
  otherTurn: 'a trial of a later block comes before it',
  twice: 'it is recorded twice',
  attemptGap: 'its attempt {n} is missing',
  twoValues: 'more than one of its attempts ended',
});

/** Contradictions between schedule, trials, and the seed of the random order. */
export function orderFindings(records: Records): readonly Finding[] {
  return [...scheduleFindings(records), ...trialFindings(records)];
}

/** Numbers of the warm-up blocks: the first block, and the first of every extension. */
function warmups({ extensions = [] }: RunRecord): ReadonlySet<number> {
  return new Set([0, ...extensions.map(({ fromBlock }) => fromBlock)]);
}

function scheduleFindings({ run, blocks }: Records): readonly Finding[] {
  const findings: Finding[] = [];
  const { seed, config } = run;
  if (seed !== config.seed)
    findings.push({
      at: 'run.json: seed',
      message: text.otherSeed({ seed: String(seed), other: String(config.seed) }),
    });
  const first = warmups(run);
  const ranks = rankOfCells(run);
  const turns = new Map<string, number>();
  for (const [n, block] of blocks.entries()) {
    const at = `schedule.jsonl: block ${block.block}`;
    const phase = first.has(block.block) ? 'warmup' : 'measure';
    if (block.block !== n) findings.push({ at, message: text.otherBlock({ n }) });
    if (block.phase !== phase)
      findings.push({ at, message: text.otherPhase({ phase: block.phase, other: phase }) });
    const unknown = block.trials.find(({ cell }) => !ranks.has(cellKey(cell)));
    if (unknown !== undefined)
      findings.push({ at, message: text.unknownCell({ cell: cellKey(unknown.cell) }) });
    else if (
      [false, true].every(
        (across) => !isDeepStrictEqual(block.trials, drawnAgain(run, block, { ranks, turns, across })),
      )
    )
      findings.push({ at, message: text.notOfSeed({ seed: String(seed) }) });
    for (const { cell } of block.trials) turns.set(cellKey(cell), (turns.get(cellKey(cell)) ?? 0) + 1);
  }
  return findings;
}

/** Cell → its position before shuffling, for every cell that a run can schedule. */
function rankOfCells({ subjects, runtimes, config }: RunRecord): ReadonlyMap<string, number> {
  const { baseline } = config;
  const cells = subjects.flatMap((subject) =>
    (subject.runtimes ?? runtimes.map(({ entry }) => entry.name))
      .flatMap((name) => [name, name === baseline ? aaControl(name) : duetArm(baseline, name)])
      .map(
        (runtime): Cell => ({
          runtime,
          profile: profileName(subject.profile),
          layer: subject.layer ?? defaultLayer,
          workload: subject.workload,
          params: subject.params,
          ...(subject.engine === undefined ? {} : { engine: subject.engine }),
        }),
      ),
  );
  return new Map(cells.map((cell, rank) => [cellKey(cell), rank]));
}

/** Redraws the order of a block with these cells from the seed. `turns`: how often each cell was scheduled before. */
function drawnAgain(
  { config }: RunRecord,
  { block, phase, trials }: ScheduledBlock,
  {
    ranks,
    turns,
    across,
  }: {
    readonly ranks: ReadonlyMap<string, number>;
    readonly turns: ReadonlyMap<string, number>;
    readonly across: boolean;
  },
): readonly TrialSpec[] {
  const rank = ({ cell }: TrialSpec) => ranks.get(cellKey(cell)) ?? 0;
  const cells = trials.toSorted((a, b) => rank(a) - rank(b)).map(({ cell }) => cell);
  const sideOf = (side: 0 | 1) => trials.find(({ duet }) => duet?.side === side)?.duet?.cpus ?? '0';
  const duets = config.duet && {
    baseline: config.baseline,
    halves: [sideOf(0), sideOf(1)] as const,
    turnOf: (cell: Cell) => turns.get(cellKey(cell)) ?? 0,
  };
  return scheduleBlock({ seed: config.seed, block, phase, cells, duets, across }).trials;
}

function trialFindings({ blocks, trials }: Records): readonly Finding[] {
  const findings: Finding[] = [];
  const scheduled = new Map(
    blocks.flatMap((block) => block.trials.map((spec) => [spec.trialId, { spec, block }] as const)),
  );
  let latest = 0;
  for (const trial of trials) {
    const at = trialAt(trial);
    const found = scheduled.get(trial.trialId);
    // A missing schedule is reported once, as a missing part.
    if (found === undefined && scheduled.size > 0) findings.push({ at, message: text.notScheduled });
    if (found !== undefined)
      for (const what of differences(trial, found))
        findings.push({ at, message: text.scheduledOtherwise({ what }) });
    if (trial.block < latest) findings.push({ at, message: text.otherTurn });
    latest = Math.max(latest, trial.block);
  }
  for (const [trialId, own] of Map.groupBy(trials, (trial) => trial.trialId)) {
    const at = `trials.jsonl: ${trialId}`;
    const attempts = own.map(({ attempt }) => attempt);
    const missing = attempts.toSorted((a, b) => a - b).findIndex((attempt, n) => attempt !== n + 1);
    if (new Set(attempts).size < attempts.length) findings.push({ at, message: text.twice });
    else if (missing >= 0) findings.push({ at, message: text.attemptGap({ n: missing + 1 }) });
    if (own.filter(({ outcome }) => outcome.status !== 'interrupted').length > 1)
      findings.push({ at, message: text.twoValues });
  }
  return findings;
}

/** Keys in which a trial's record differs from its schedule. */
function differences(
  trial: TrialRecord,
  { spec, block }: { readonly spec: TrialSpec; readonly block: ScheduledBlock },
): readonly string[] {
  return [
    ...(trial.block === block.block ? [] : ['block']),
    ...(trial.phase === block.phase ? [] : ['phase']),
    ...(trial.position === spec.position ? [] : ['position']),
    ...(isDeepStrictEqual(trial.cell, spec.cell) ? [] : ['cell']),
    ...(isDeepStrictEqual(trial.duet, spec.duet) ? [] : ['duet']),
  ];
}
