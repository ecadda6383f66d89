import { python } from '../../workloads/lib/memory-scripts.ts';

/** Mean time between two requests of the service, and after which an answer is late, ms. */
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

/**
 * Does a piece of work for each request, which come at random, and says every second how many are done and how many of them were
 * late, since when. Requests that come meanwhile wait.
 */
const busyScript = `
import random
${work}
period = ${periodMs} / 1000
start = due = said = time.monotonic()
late = done = 0
while True:
    due += random.expovariate(1 / period)
    time.sleep(max(0, due - time.monotonic()))
    work()
    now = time.monotonic()
    done += 1
    if now > due + period:
        late += 1
    if now - said >= 1:
        print("done", done, "late", late, "in", round(now - start, 4), flush=True)
        said = now
`.trim();

/** The command of the service. */
export const busyCommand = python(busyScript);

/** What a service had done at a time. */
export interface BusyWork {
  readonly done: number;
  readonly late: number;
  readonly seconds: number;
}

/** The newest of what it said; null where it has said nothing. */
export function busyWork(output: string): BusyWork | null {
  const last = [...output.matchAll(/^done (\d+) late (\d+) in ([\d.]+)$/gm)].at(-1);
  return last === undefined
    ? null
    : { done: Number(last[1]), late: Number(last[2]), seconds: Number(last[3]) };
}
