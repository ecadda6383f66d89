import type { Progress, ProgressScope } from '../app/reporter.ts';
import type { RunEvent } from '../core/measure/execute/run-loop.ts';
import type { ResolvedConfig } from '../core/model/run/run.ts';
import { cellKey } from '../core/model/trial/cell.ts';
import {
  beginLine,
  blockLine,
  endLine,
  type Failure,
  failureLine,
  indented,
  type RunState,
} from '../report/progress/lines.ts';
import { liveView } from '../report/progress/view.ts';
import { openLiveArea } from './live-area.ts';
import { RunTracker } from './run-tracker.ts';
import type { Terminal } from './terminal.ts';

/**
 * Redraw interval within a trial, also the delay before the first redraw, ms. Shorter trials measure milliseconds and
 * must not be disturbed; otherwise the view is drawn between trials.
 */
const redrawMs = 2000;

/** Shows the progress of a run: a live view on a terminal, one plain line per block elsewhere. */
export function startProgress(
  terminal: Terminal,
  { config, subjects, runtimes }: ProgressScope,
  { live }: { readonly live: boolean },
): Progress {
  const tracker = new RunTracker(config);
  const said = new Set<string>();
  const style = live ? liveStyle(terminal, tracker, config.lang) : plainStyle(terminal, tracker, config.lang);
  terminal.log(beginLine({ ...config, subjects, runtimes }, config.lang));
  const report = (failure: Failure) => {
    // Once per cell and reason: a failure that recurs in every block is only counted.
    const key = JSON.stringify([cellKey(failure.cell), failure.outcome.status]);
    if (said.has(key)) return;
    said.add(key);
    terminal.log(indented(failureLine(failure, config.lang)));
  };
  return {
    onEvent(event) {
      const before = tracker.state(performance.now());
      const failure = tracker.take(event, performance.now());
      if (failure !== null) report(failure);
      style.after(event, before);
    },
    onEstimates(estimates) {
      tracker.estimates = estimates;
    },
    done(reason) {
      const last = tracker.state(performance.now());
      style.end(last);
      if (last !== null && reason !== null) terminal.log(endLine(last, reason));
    },
  };
}

/** How events are shown; `before` is the state before the event. */
interface ProgressStyle {
  after(event: RunEvent, before: RunState | null): void;
  end(last: RunState | null): void;
}

function liveStyle(terminal: Terminal, tracker: RunTracker, lang: ResolvedConfig['lang']): ProgressStyle {
  const area = terminal.live(openLiveArea);
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const state = tracker.state(performance.now());
    const size = terminal.size();
    if (state !== null && size !== null)
      area.draw(liveView(state, { lang, ...size, paint: terminal.paintLog }));
  };
  const stopResizing = terminal.onResize(draw);
  return {
    after(event) {
      clearInterval(timer);
      if (event.kind !== 'trial-begin') return;
      draw();
      timer = setInterval(draw, redrawMs);
    },
    end() {
      clearInterval(timer);
      stopResizing();
      area.end();
    },
  };
}

function plainStyle(terminal: Terminal, tracker: RunTracker, lang: ResolvedConfig['lang']): ProgressStyle {
  let since = { elapsedMs: 0, failed: 0 };
  const close = (state: RunState | null, next: RunState | null) => {
    if (state !== null && state.trials.begun > 0) {
      const tookMs = state.elapsedMs - since.elapsedMs;
      terminal.log(blockLine({ state, tookMs, failed: state.failed - since.failed }, next, lang));
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
