import { messages } from '../report/messages/index.ts';
import { spokenLanguage } from './language.ts';
import { terminal } from './terminal.ts';

/** Ctrl-C and `kill`: the first asks to stop and clean up, another ends at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** npm hands a Ctrl-C on to a child that the terminal has told already: what comes so soon is the same one, ms. */
const sameSignalMs = 300;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort signal, until disposed. `onFirst` is called once. A further signal
 * ends the process as if nobody had listened: what it leaves is for the engine's supervisor and the next start to remove.
 */
export function interruptSignal(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let first = 0;
  const listener = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      first = performance.now();
      onFirst();
      controller.abort();
    } else if (performance.now() - first > sameSignalMs) {
      const m = messages(spokenLanguage());
      terminal.log(m.cutOff.endsAtOnce);
      dispose();
      process.kill(process.pid, name);
    }
  };
  const dispose = () => {
    for (const name of signals) process.off(name, listener);
  };
  for (const name of signals) process.on(name, listener);
  return { signal: controller.signal, dispose };
}
