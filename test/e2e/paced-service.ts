import { python } from '../../src/tools/python-stamps.ts';

/** Time between the starts of two pieces of work of the paced service, ms. */
export const periodMs = 50;

/** Some milliseconds of computing, and calls that a kernel of its own makes dearer. */
const work = `
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

/** Does its work at a fixed rate, and says every second how many pieces are done and how many of them were late, since when. */
const pacedScript = `
${work}
period = ${periodMs} / 1000
start = begin = time.monotonic() + hash(os.urandom(8)) % 1000 / 1000 * period
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
        print("done", done, "late", late, "in", round(now - start, 4), flush=True)
        said = now
`.trim();

/** The command of the service. */
export const pacedCommand = python(pacedScript);

/** What a service had done at a time. */
export interface PacedWork {
  readonly done: number;
  readonly late: number;
  readonly seconds: number;
}

/** The newest of what it said; null where it has said nothing. */
export function pacedWork(output: string): PacedWork | null {
  const last = [...output.matchAll(/^done (\d+) late (\d+) in ([\d.]+)$/gm)].at(-1);
  return last === undefined
    ? null
    : { done: Number(last[1]), late: Number(last[2]), seconds: Number(last[3]) };
}
