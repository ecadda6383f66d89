/** How often this process was stopped and went on. */
export interface Pauses extends Disposable {
  readonly count: () => number;
}

/**
 * Counts what stops a process without ending it (Ctrl-Z, SIGSTOP; signal(7)), by the SIGCONT at its end: meanwhile containers go
 * on and clocks too, so that whatever was being timed looks as long as the pause.
 */
export function watchPauses(): Pauses {
  let count = 0;
  const listener = () => {
    count++;
  };
  process.on('SIGCONT', listener);
  return { count: () => count, [Symbol.dispose]: () => void process.off('SIGCONT', listener) };
}

/** Why a trial in which that happened is no value. */
export const pausedReason = 'ocibench was stopped in the midst of it (Ctrl-Z, SIGSTOP)';
