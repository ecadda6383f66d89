import type { RunEvent } from '../execute/run-loop.ts';
import { cellKey } from '../model/cell.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { messages } from '../report/messages/index.ts';
import { beginLine, blockLine, endLine, failureLine } from '../report/progress/lines.ts';
import type { Estimate, Failure, RunState } from '../report/progress/state.ts';
import { liveView } from '../report/progress/view.ts';
import { RunTracker } from './run-tracker.ts';
import { type LiveArea, terminal } from './terminal.ts';

/** Shows a run while it goes on: a live view on a terminal, one plain line a block elsewhere. */
export interface Progress {
  onEvent(event: RunEvent): void;
  /** Replaces what is known of the ratios. */
  onEstimates(estimates: readonly Estimate[]): void;
  /** `reason`: why sampling ended; null where it was an error. */
  done(reason: string | null): void;
}

/**
 * The view is drawn between trials. In a trial it is drawn only from this time on, and then as often, ms: shorter ones, of
 * which milliseconds are asked, are left alone.
 */
const redrawMs = 2000;

interface Shown {
  readonly config: Pick<ResolvedConfig, 'baseline' | 'minBlocks' | 'maxBlocks' | 'maxTimeMs' | 'lang'>;
  readonly subjects: number;
  readonly runtimes: readonly string[];
  readonly live: boolean;
}

export function startProgress({ config, subjects, runtimes, live }: Shown): Progress {
  const m = messages(config.lang);
  const tracker = new RunTracker(config);
  const told = new Set<string>();
  const way = live ? liveWay(tracker, config.lang) : plainWay(tracker, config.lang);
  terminal.log(beginLine({ ...config, subjects, runtimes }, config.lang, m));
  const tell = (failure: Failure) => {
    // Once a cell and reason: what fails in every block is counted after that.
    const key = JSON.stringify([cellKey(failure.cell), failure.outcome.status]);
    if (told.has(key)) return;
    told.add(key);
    terminal.log(`  ${failureLine(failure, config.lang, m)}`);
  };
  return {
    onEvent(event) {
      const before = tracker.state(performance.now());
      const failure = tracker.take(event, performance.now());
      if (failure !== null) tell(failure);
      way.after(event, before);
    },
    onEstimates(estimates) {
      tracker.estimates = estimates;
    },
    done(reason) {
      const last = tracker.state(performance.now());
      way.end(last);
      if (last !== null && reason !== null) terminal.log(endLine(last, reason, m));
    },
  };
}

/** How events are shown; `before` is the state that an event found. */
interface Way {
  after(event: RunEvent, before: RunState | null): void;
  end(last: RunState | null): void;
}

function liveWay(tracker: RunTracker, lang: ResolvedConfig['lang']): Way {
  const area: LiveArea = terminal.live();
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const state = tracker.state(performance.now());
    const size = terminal.size();
    if (state !== null && size !== null)
      area.draw(liveView(state, { lang, ...size, paint: terminal.paintLog }));
  };
  process.stderr.on('resize', draw);
  return {
    after(event) {
      clearInterval(timer);
      if (event.kind !== 'trial-begin') return;
      draw();
      timer = setInterval(draw, redrawMs);
    },
    end() {
      clearInterval(timer);
      process.stderr.off('resize', draw);
      area.end();
    },
  };
}

function plainWay(tracker: RunTracker, lang: ResolvedConfig['lang']): Way {
  const m = messages(lang);
  let since = { elapsedMs: 0, failed: 0 };
  const close = (state: RunState | null, next: RunState | null) => {
    if (state !== null && state.trials.begun > 0) {
      const tookMs = state.elapsedMs - since.elapsedMs;
      terminal.log(blockLine({ state, tookMs, failed: state.failed - since.failed }, next, lang, m));
    }
  };
  return {
    after(event, before) {
      if (event.kind !== 'block') return;
      const next = tracker.state(performance.now());
      close(before, next);
      if (next !== null) since = { elapsedMs: next.elapsedMs, failed: next.failed };
    },
    end(last) {
      close(last, null);
    },
  };
}
