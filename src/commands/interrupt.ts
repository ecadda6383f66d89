/** Ctrl-C and `kill`: the first asks to stop and clean up; nothing less than SIGKILL skips the cleaning. */
export interface Interrupt {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** Turns SIGINT, SIGTERM and SIGHUP into an abort signal, until disposed. `onFirst` is called once. */
export function interruptSignal(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listener = () => {
    if (controller.signal.aborted) return;
    onFirst();
    controller.abort();
  };
  for (const name of signals) process.on(name, listener);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, listener);
    },
  };
}
