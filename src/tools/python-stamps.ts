/**
 * Python: `stamp('begin')` and `stamp('end')` print what `src/model/stamped.ts` has bash print, from inside the program, so
 * that the interpreter's own start is not in the window. Five of each, 2 ms apart, by CLOCK_REALTIME. To be put before a
 * script that runs with `-c`; leaves `time` imported.
 */
export const pythonStamps = `
import time
def stamp(edge):
    for _ in range(5):
        time.sleep(0.002)
        print("@ocibench", edge, "%.6f" % time.time(), flush=True)
`.trim();

/** How the workloads run Python: a script as an argument, without site packages and without the environment's settings. */
export function python(script: string, ...argv: readonly (string | number)[]): readonly string[] {
  return ['/usr/bin/python3', '-I', '-S', '-c', script, ...argv.map(String)];
}
