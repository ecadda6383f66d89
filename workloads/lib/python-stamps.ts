import { pythonStamp } from '../../src/core/model/stamped.ts';

/**
 * Python: `stamp('begin')` and `stamp('end')` print the stamps of `src/core/model/stamped.ts` from inside the program, so
 * that the interpreter's own start is not in the window. Five of each, 2 ms apart, by CLOCK_REALTIME. Put this before a
 * script that runs with `-c`; it imports `time`.
 */
export const pythonStamps = `
import time
def stamp(edge):
    for _ in range(5):
        ${pythonStamp}
`.trim();

/**
 * Command of a Python script: the script as an argument, without site packages and without the environment's settings.
 */
export function python(script: string, ...argv: readonly (string | number)[]): readonly string[] {
  return ['/usr/bin/python3', '-I', '-S', '-c', script, ...argv.map(String)];
}
