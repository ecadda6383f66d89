import type { Message } from '../../messages/message.ts';
import { givenUp } from '../../model/run/given-up.ts';
import type { ResolvedConfig } from '../../model/run/run.ts';
import type { ScheduledBlock, TrialSpec } from '../../model/run/schedule.ts';
import { type Cell, cellKey, subjectKey, workKey } from '../../model/trial/cell.ts';
import type { TrialPhase, TrialRecord } from '../../model/trial/trial.ts';
import type { RunWriter } from '../../store/run-directory.ts';
import { scheduleBlock } from '../schedule/block.ts';
import { warmUpCells } from '../schedule/cells.ts';
import {
  atOnce,
  bearsCost,
  type CpuHalves,
  type DuetSchedule,
  givenUpTogether,
  wholeDuets,
} from '../schedule/duets.ts';
import { trialMs } from '../schedule/eta.ts';
import { type Decision, decide } from '../schedule/sampling.ts';
import { type ComparisonProgress, openSubject, type SubjectProgress } from '../schedule/subject-progress.ts';
import type { TrialRunner } from './runner.ts';
import type { TrialResult } from './trial.ts';
import { attemptAtOnce } from './trial-attempts.ts';

/** Input of {@link measureBlocks}. Items are the trials of a run or of a calibration, or rounds of idle sandboxes. */
interface BlockLoop<Block, Item> {
  /** The next block; null to end. */
  next(): Block | null;
  itemsOf(block: Block): readonly Item[];
  measure(item: Item, block: Block): Promise<void>;
  /** Is there a reason to start no further item? */
  isCutOff(): boolean;
  /** Called when all items of the block were measured or left out. */
  onBlockEnd?(block: Block): void;
}

/**
 * Measures blocks one after the other, and their items one at a time, until there is no further block or `isCutOff`.
 */
export async function measureBlocks<Block, Item>(loop: BlockLoop<Block, Item>): Promise<void> {
  while (!loop.isCutOff()) {
    const block = loop.next();
    if (block === null) return;
    for (const item of loop.itemsOf(block)) {
      if (loop.isCutOff()) return;
      await loop.measure(item, block);
    }
    if (!loop.isCutOff()) loop.onBlockEnd?.(block);
  }
}

/** An event of a run, for progress output. */
export type RunEvent =
  | {
      readonly kind: 'block';
      readonly block: ScheduledBlock;
      /** Every subject before the block. */
      readonly subjects: readonly SubjectProgress[];
      /** Time that counts against the limit so far, ms; includes earlier sessions of a resumed run. */
      readonly elapsedMs: number;
    }
  | { readonly kind: 'trial-begin'; readonly spec: TrialSpec; readonly phase: TrialPhase }
  | { readonly kind: 'trial-end'; readonly record: TrialRecord };

/** From the trials so far: cell key → progress of its comparison. A cell that has nothing to be compared with is absent. */
type PrecisionOf = (trials: readonly TrialRecord[]) => ReadonlyMap<string, ComparisonProgress>;

/** Input of the loop, which itself decides only the order. */
export interface RunLoop {
  readonly config: ResolvedConfig;
  readonly cells: readonly Cell[];
  /** First block, a warm-up, of the part of the run that is measured now: 0, or the first block of an extension. */
  readonly fromBlock: number;
  readonly writer: Pick<RunWriter, 'appendBlock' | 'appendTrial' | 'appendReadings'>;
  readonly precisionOf: PrecisionOf;
  /** Maximum number of blocks of a test: more would give no new information, or take too long. */
  readonly maxBlocksOf: (test: Cell) => number;
  readonly runTrial: TrialRunner;
  /** CPUs of each side where the run measures in duets; absent where it measures one trial at a time. */
  readonly halves?: CpuHalves | undefined;
  /**
   * Called after every trial. Resolves with the reason why the engine is no longer the one that the run began with, or
   * null.
   */
  readonly engineLost: () => Promise<Message | null>;
  readonly onEvent: (event: RunEvent) => void;
  readonly interrupt: AbortSignal;
  /** Monotonic ms. */
  readonly now: () => number;
  /** Blocks and trials of the run so far, where it is resumed; empty for a new run. */
  readonly before: { readonly blocks: readonly ScheduledBlock[]; readonly trials: readonly TrialRecord[] };
}

export type StopReason = Extract<Decision, { kind: 'stop' }>['reason'] | 'interrupted' | 'engine-lost';

/** Result of a run; `detail` says how the engine was lost, if it was. */
export interface RunEnd {
  readonly trials: readonly TrialRecord[];
  readonly stopReason: StopReason;
  readonly detail?: Message;
}

/**
 * Runs blocks one after the other, one container or one duet at a time, until precision, blocks or time end the run, or
 * the engine is lost.
 */
export async function runBlocks(loop: RunLoop): Promise<RunEnd> {
  const { seed, baseline, minBlocks } = loop.config;
  const trials = [...loop.before.trials];
  const blocks = [...loop.before.blocks];
  const costs = new CellCosts();
  /** The trials of this part: its limits and its failures are counted separately. */
  const own = () => trials.filter(({ block }) => block >= loop.fromBlock);
  const started = loop.now() - timeSpent(own());
  const timeIsUp = () => loop.now() - started >= loop.config.maxTimeMs;
  let lost: Message | null = null;
  let decided: StopReason | null = null;
  /** The block in which an earlier session was interrupted. */
  let unfinished = blocks.findLast(({ block }) => block >= loop.fromBlock) ?? null;

  const announce = (block: ScheduledBlock, subjects: readonly SubjectProgress[]) =>
    loop.onEvent({ kind: 'block', block, subjects, elapsedMs: loop.now() - started });

  const next = (): ScheduledBlock | null => {
    const subjects = subjectsSoFar(loop, own(), loop.precisionOf(trials), costs);
    if (unfinished !== null) {
      const block = unfinished;
      unfinished = null;
      announce(block, subjects);
      return block;
    }
    const number = blocks.length;
    const phase: TrialPhase = number === loop.fromBlock ? 'warmup' : 'measure';
    let cells = warmUpCells(loop.cells, { baseline, duet: loop.halves !== undefined });
    if (phase === 'measure') {
      const states = subjects.map((subject) => openSubject(subject, loop.config));
      const decision = decide(states, loop.config, loop.now() - started);
      if (decision.kind === 'stop') {
        decided = decision.reason;
        return null;
      }
      const chosen = new Set(decision.subjects);
      const open = new Set(
        states
          .filter(({ subject }) => chosen.has(subject))
          .flatMap((state) => state.open.map(({ cell }) => cell)),
      );
      const enough = new Set(subjects.flatMap(({ subject, blocks: n }) => (n < minBlocks ? [] : [subject])));
      cells =
        loop.halves === undefined
          ? loop.cells.filter((cell) => open.has(cell))
          : wholeDuets(loop.cells, open, { baseline, enough: (cell) => enough.has(workKey(cell)) });
    }
    const block = scheduleBlock({ seed, block: number, phase, cells, duets: duetSchedule(loop, blocks) });
    loop.writer.appendBlock(block);
    blocks.push(block);
    announce(block, subjects);
    return block;
  };

  const measure = async (specs: readonly TrialSpec[], { block, phase }: ScheduledBlock): Promise<void> => {
    const attempts = trials.filter(({ trialId }) => specs.some((spec) => spec.trialId === trialId));
    const measured = new Set(
      attempts.filter(({ outcome }) => outcome.status !== 'interrupted').map(({ trialId }) => trialId),
    );
    if (measured.size === specs.length || specs.some(({ cell }) => isGivenUp(cell, own()))) return;
    let begin = 0;
    const hooks = {
      ...loop,
      onBegin(spec: TrialSpec) {
        loop.onEvent({ kind: 'trial-begin', spec, phase });
        begin = loop.now();
      },
      onEnd({ record }: TrialResult) {
        trials.push(record);
        costs.add(cellKey(record.cell), bearsCost(record, baseline) ? loop.now() - begin : 0);
        loop.onEvent({ kind: 'trial-end', record });
      },
    };
    const attempt = 1 + attempts.reduce((last, trial) => Math.max(last, trial.attempt), 0);
    ({ lost } = await attemptAtOnce(hooks, specs, { block, phase, attempt }));
  };

  await measureBlocks({
    next,
    itemsOf: (block) => atOnce(block.trials),
    measure,
    isCutOff: () => lost !== null || loop.interrupt.aborted || timeIsUp(),
  });
  if (lost !== null) return { trials, stopReason: 'engine-lost', detail: lost };
  if (decided !== null) return { trials, stopReason: decided };
  return { trials, stopReason: loop.interrupt.aborted ? 'interrupted' : 'max-time' };
}

/**
 * Would the cell only use up time? Judged before each of its trials, so that a hanging runtime does not do so for a
 * whole block.
 */
function isGivenUp(own: Cell, trials: readonly TrialRecord[]): boolean {
  const same = trials.filter(
    ({ cell }) =>
      (cell.runtime === own.runtime && cell.engine === own.engine) || subjectKey(cell) === subjectKey(own),
  );
  return givenUp([own], same).size > 0;
}

function duetSchedule(
  { halves, config }: RunLoop,
  blocks: readonly ScheduledBlock[],
): DuetSchedule | undefined {
  if (halves === undefined) return undefined;
  const scheduled = blocks.flatMap(({ trials }) => trials);
  const turns = Map.groupBy(scheduled, ({ cell }) => cellKey(cell));
  return { baseline: config.baseline, halves, turnOf: (cell) => turns.get(cellKey(cell))?.length ?? 0 };
}

/** Time that earlier sessions of a resumed run spent in trials, ms: the budget is the run's, not the session's. */
function timeSpent(trials: readonly TrialRecord[]): number {
  return trials.reduce((sum, trial) => sum + trialMs(trial), 0);
}

/** Every subject of the part, with its state after the part's trials so far. */
function subjectsSoFar(
  loop: RunLoop,
  trials: readonly TrialRecord[],
  standings: ReadonlyMap<string, ComparisonProgress>,
  costs: CellCosts,
): readonly SubjectProgress[] {
  const alone = givenUp(loop.cells, trials);
  const given = loop.halves === undefined ? alone : givenUpTogether(loop.cells, alone, loop.config.baseline);
  const bySubject = Map.groupBy(trials, (trial) => workKey(trial.cell));
  return [...Map.groupBy(loop.cells, workKey)].map(([subject, cells]) => {
    const own = bySubject.get(subject) ?? [];
    const measured = own.filter((trial) => trial.phase === 'measure');
    return {
      subject,
      blocks: new Set(measured.map((trial) => trial.block)).size,
      maxBlocks: cells[0] === undefined ? 0 : loop.maxBlocksOf(cells[0]),
      alive:
        cells.some((cell) => !given.has(cellKey(cell))) &&
        (own.some((trial) => trial.outcome.status === 'ok') ||
          new Set(own.map((trial) => trial.block)).size < 2),
      cells: cells.map((cell) => {
        const key = cellKey(cell);
        return { cell, standing: standings.get(key), costMs: costs.median(key), givenUp: given.has(key) };
      }),
    };
  });
}

/** Wall times of each cell in this session. */
class CellCosts {
  readonly #costs = new Map<string, number[]>();

  add(cell: string, ms: number): void {
    this.#costs.set(cell, [...(this.#costs.get(cell) ?? []), ms]);
  }

  /** Median, ms; null while no trial of the cell has been measured. */
  median(cell: string): number | null {
    const sorted = (this.#costs.get(cell) ?? []).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }
}
