import { python } from '../../src/tools/python-stamps.ts';

/** Its work as a workload of a run. */
export const pacedWorkload = 'app/paced';

/** Time between the starts of two pieces of work of the paced service, ms. */
export const periodMs = 50;

/** Some milliseconds of computing, and calls that a kernel of its own makes dearer. */
export const work = `
import os, sys, time
null = os.open("/dev/null", os.O_WRONLY)
def work():
    x = 0
    for i in range(60000):
        x = (x * 31 + i) & 0xffff
    for i in range(60):
        os.write(null, b"x")
    return x
`.trim();

/** Does its work at a fixed rate, and prints every second how many pieces of it were late, and of how many. */
const pacedScript = `
${work}
period = ${periodMs} / 1000
begin = time.monotonic() + hash(os.urandom(8)) % 1000 / 1000 * period
late = done = 0
said = begin
while True:
    begin += period
    time.sleep(max(0, begin - period - time.monotonic()))
    work()
    now = time.monotonic()
    done += 1
    if now > begin:
        late += 1
        # What is late is not made up for: the next piece begins in its own time.
        begin += period * int((now - begin) / period)
    if now - said >= 1:
        print("late", late, "of", done, flush=True)
        late = done = 0
        said = now
`.trim();

/** The command of the service. */
export const pacedCommand = python(pacedScript);

/** Adds up `late 1 of 20` lines. */
export function lateIn(output: string): { readonly late: number; readonly of: number } {
  const lines = [...output.matchAll(/^late (\d+) of (\d+)$/gm)];
  const sum = (at: 1 | 2) => lines.reduce((total, line) => total + Number(line[at]), 0);
  return { late: sum(1), of: sum(2) };
}
