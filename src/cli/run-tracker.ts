import type { RunEvent } from '../core/measure/execute/run-loop.ts';
import { type RunLimits, timeLeft } from '../core/measure/schedule/eta.ts';
import type { TimeLeft } from '../core/model/run/sampling.ts';
import { cellKey, workKey } from '../core/model/trial/cell.ts';
import type { TrialRecord } from '../core/model/trial/trial.ts';
import type { Estimate, Failure, RunState } from '../report/progress/lines.ts';

/** Derives the state of a run from its events. `now` is the caller's monotonic clock, ms. */
export class RunTracker {
  readonly #config: RunLimits;
  readonly #flags = new Set<string>();
  #estimates: readonly Estimate[] = [];
  #block: Extract<RunEvent, { kind: 'block' }> | null = null;
  #blockAt = 0;
  #leftAtBlock: TimeLeft = { minMs: 0, maxMs: 0 };
  /** Median cost of each cell before the block, ms. `#expectedMs`: expected cost of the trials that have ended in the block. */
  #costs = new Map<string, number>();
  #expectedMs = 0;
  #begun = 0;
  #current: { readonly cell: TrialRecord['cell']; readonly at: number } | null = null;
  #ended = 0;
  #failed = 0;
  #lastFailure: Failure | null = null;
  #disturbed = 0;
  #leaked = { processes: 0, trials: 0 };

  constructor(config: RunLimits) {
    this.#config = config;
  }

  /** Replaces the current ratio estimates. */
  set estimates(estimates: readonly Estimate[]) {
    this.#estimates = estimates;
  }

  /** Applies an event; returns the failure where the event is one. */
  take(event: RunEvent, now: number): Failure | null {
    if (event.kind === 'block') this.#takeBlock(event, now);
    else if (event.kind === 'trial-begin') {
      this.#begun++;
      this.#current = { cell: event.spec.cell, at: now };
    } else return this.#takeTrial(event.record);
    return null;
  }

  #takeBlock(event: Extract<RunEvent, { kind: 'block' }>, now: number): void {
    this.#block = event;
    this.#blockAt = now;
    this.#leftAtBlock = timeLeft(event.subjects, this.#config, event.elapsedMs);
    this.#costs = new Map(
      event.subjects.flatMap(({ cells }) =>
        cells.map(({ cell, costMs }) => [cellKey(cell), costMs ?? 0] as const),
      ),
    );
    this.#expectedMs = 0;
    this.#begun = 0;
    this.#current = null;
  }

  #takeTrial(record: TrialRecord): Failure | null {
    const { cell, outcome } = record;
    this.#expectedMs += this.#costs.get(cellKey(cell)) ?? 0;
    this.#current = null;
    if (outcome.status === 'interrupted') return null;
    this.#ended++;
    if (record.noise !== null && record.noise.flags.length > 0) {
      this.#disturbed++;
      for (const flag of record.noise.flags) this.#flags.add(flag);
    }
    if (record.leaked.length > 0)
      this.#leaked = {
        processes: this.#leaked.processes + record.leaked.length,
        trials: this.#leaked.trials + 1,
      };
    if (outcome.status === 'ok') return null;
    const failure = { cell, outcome };
    if (outcome.status !== 'unsupported') {
      this.#failed++;
      this.#lastFailure = failure;
    }
    return failure;
  }

  /** Current state of the run; null before its first block. */
  state(now: number): RunState | null {
    const event = this.#block;
    if (event === null) return null;
    const { block, subjects } = event;
    const sinceBlock = now - this.#blockAt;
    const elapsedMs = event.elapsedMs + sinceBlock;
    return {
      baseline: this.#config.baseline,
      elapsedMs,
      left: this.#left(now, elapsedMs),
      block: {
        number: block.block,
        phase: block.phase,
        least: this.#config.minBlocks,
        most: this.#config.maxBlocks,
      },
      trials: { begun: this.#begun, all: block.trials.length },
      subjects: {
        measured: new Set(block.trials.map(({ cell }) => workKey(cell))).size,
        all: subjects.length,
      },
      current:
        this.#current === null ? null : { cell: this.#current.cell, elapsedMs: now - this.#current.at },
      estimates: this.#estimates,
      ended: this.#ended,
      failed: this.#failed,
      lastFailure: this.#lastFailure,
      disturbed: { trials: this.#disturbed, flags: [...this.#flags] },
      leaked: this.#leaked,
    };
  }

  /** Time left before the block, minus the expected time of the trials since then. */
  #left(now: number, elapsedMs: number): TimeLeft {
    const current = this.#current;
    const running =
      current === null ? 0 : Math.min(now - current.at, this.#costs.get(cellKey(current.cell)) ?? 0);
    const done = this.#expectedMs + running;
    const budget = Math.max(0, this.#config.maxTimeMs - elapsedMs);
    const maxMs = Math.min(budget, Math.max(0, this.#leftAtBlock.maxMs - done));
    return { minMs: Math.min(maxMs, Math.max(0, this.#leftAtBlock.minMs - done)), maxMs };
  }
}
