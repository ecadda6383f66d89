interface Child {
  readonly pid?: number | undefined;
  readonly stdout: { destroy(): unknown };
  readonly stderr: { destroy(): unknown };
}

/** Time to end well after SIGTERM, ms. */
const graceMs = 5_000;

/**
 * Ends a child after a time, or at a signal, with its whole process group: docker does not hand signals on to Compose, which
 * would keep its output open, and what waits for that would never end.
 */
export function endsGroup(child: Child, limitMs: number, signal: AbortSignal | undefined): Disposable {
  const kill = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended.
    }
  };
  const timers: NodeJS.Timeout[] = [];
  const end = () => {
    kill('SIGTERM');
    timers.push(
      setTimeout(() => {
        kill('SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
      }, graceMs),
    );
  };
  timers.push(setTimeout(end, limitMs));
  if (signal?.aborted === true) end();
  else signal?.addEventListener('abort', end, { once: true });
  return {
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    },
  };
}
