import type { Interrupt, Reporter } from '../app/context.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const text = notices('interrupt', {
  endsAtOnce: 'ending at once; what is left here is removed by the next start, or by:  ocibench clean',
});

/** npm hands a Ctrl-C on to a child that the terminal has told already: what comes so soon is the same one, ms. */
const sameSignalMs = 300;

/** What gets signals: this process, or one that tests play. */
export interface SignalSource {
  readonly pid: number;
  on(name: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
  off(name: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
  kill(pid: number, name: NodeJS.Signals): unknown;
}

/**
 * Ctrl-C and `kill`: turns SIGINT, SIGTERM and SIGHUP into an abort signal, until disposed of; `said` is logged once. A further
 * signal ends the process as if nobody had listened: what it leaves is for the engine's supervisor and the next start to remove.
 */
export function interruptSignal(
  reporter: Pick<Reporter, 'log'>,
  said: Message,
  { source = process, now = () => performance.now() }: { source?: SignalSource; now?: () => number } = {},
): Interrupt {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let first = 0;
  const listener = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      first = now();
      reporter.log(said);
      controller.abort();
    } else if (now() - first > sameSignalMs) {
      reporter.log(text.endsAtOnce);
      dispose();
      source.kill(source.pid, name);
    }
  };
  const dispose = () => {
    for (const name of signals) source.off(name, listener);
  };
  for (const name of signals) source.on(name, listener);
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}
