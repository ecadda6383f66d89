import { Bench } from 'tinybench';

/** Result of one iteration: its wall time, or what it threw. */
export type Iteration =
  | { readonly ok: true; readonly durationNs: number }
  | { readonly ok: false; readonly error: unknown };

/**
 * Times one iteration with tinybench. Each trial uses a Bench of its own: with several tasks, `run()` goes AAABBB,
 * sorts the samples and loses all of a task when one iteration throws. `warmup: false` and `time: 0` make it exactly
 * one call. `async: true` keeps `add()` from calling the function once to find out its kind. `prepare` runs outside the
 * timed window.
 */
export async function timeIteration(
  name: string,
  hooks: { prepare(): Promise<void>; iteration(): Promise<void> },
): Promise<Iteration> {
  const bench = new Bench({
    iterations: 1,
    time: 0,
    warmup: false,
    retainSamples: true,
    throws: false,
    timestampProvider: 'hrtimeNow',
  });
  bench.add(name, hooks.iteration, { async: true, beforeEach: hooks.prepare });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state === 'completed') {
    const milliseconds = result.latency.samples?.[0];
    if (milliseconds !== undefined) return { ok: true, durationNs: Math.round(milliseconds * 1e6) };
  }
  return {
    ok: false,
    error: result?.state === 'errored' ? result.error : new Error(`tinybench: ${result?.state}`),
  };
}
