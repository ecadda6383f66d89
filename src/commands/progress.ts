import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../execute/run-loop.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { terminal } from './terminal.ts';

/** Shows a run while it goes on: one live line on a terminal, one plain line a block elsewhere. */
export interface Progress {
  onEvent(event: RunEvent): void;
  done(): void;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `quiet` shows nothing but failures. */
export function startProgress(
  config: Pick<ResolvedConfig, 'minBlocks' | 'maxBlocks' | 'maxTimeMs'>,
  options: { readonly quiet: boolean; readonly live: boolean },
): Progress {
  const started = performance.now();
  const update = createLogUpdate(process.stderr);
  const elapsed = () => performance.now() - started;
  const state = { block: 0, phase: 'warmup', trials: 0, done: 0, failed: 0, blockFailed: 0, blockStart: 0 };
  const blockName = () =>
    state.phase === 'warmup' ? 'warm-up' : `block ${state.block} of ${config.minBlocks}–${config.maxBlocks}`;
  const closeBlock = () => {
    if (options.quiet || options.live || state.trials === 0) return;
    const failures = state.blockFailed === 0 ? '' : `, ${state.blockFailed} failed`;
    terminal.log(
      `${clock(elapsed())} ${blockName()}: ${state.done} trials in ${((elapsed() - state.blockStart) / 1000).toFixed(1)} s${failures}`,
    );
  };
  return {
    onEvent(event) {
      if (event.kind === 'block') {
        closeBlock();
        Object.assign(state, {
          block: event.block.block,
          phase: event.block.phase,
          trials: event.block.trials.length,
        });
        Object.assign(state, { done: 0, blockFailed: 0, blockStart: elapsed() });
      } else if (event.kind === 'trial-begin') {
        if (!options.live || options.quiet) return;
        const { cell } = event.spec;
        const what = `${cell.runtime} ${cell.workload}${cell.params === '' ? '' : ` ${cell.params}`}`;
        const failures = state.failed === 0 ? '' : ` · ${state.failed} failed`;
        update(
          `${clock(elapsed())} of at most ${clock(config.maxTimeMs)} · ${blockName()} · ${state.done + 1}/${state.trials} · ${what}${failures}`,
        );
      } else {
        state.done++;
        const { outcome, cell } = event.record;
        if (outcome.status === 'ok' || outcome.status === 'interrupted') return;
        state.failed++;
        state.blockFailed++;
        if (options.live) update.clear();
        const why = outcome.status === 'failed' ? outcome.error.message : outcome.status;
        terminal.log(
          `  failed: ${cell.runtime} ${cell.workload} ${cell.params}: ${JSON.stringify(why.slice(0, 200))}`,
        );
      }
    },
    done() {
      if (options.live) update.clear();
      closeBlock();
    },
  };
}
