import { messages, notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { python, touchScript } from '../lib/memory-scripts.ts';

const words = messages('workload.memoryLimit', {
  survived: 'nobody: it touched twice its limit',
  killedCounted: 'the kernel (OOM kill, counted in the trial’s cgroup)',
  killedSaid: 'the kernel (OOM kill, as the engine says)',
  itself: 'itself',
  notByLimit: 'SIGKILL, but no OOM kill in the trial’s cgroup',
  unknownKiller: 'SIGKILL; who sent it is not told here',
  oom: 'yes',
  noOom: 'no',
  oomUnknown: 'not known',
  title: 'At the memory limit',
});

const says = notices('workload.memoryLimit', {
  otherLine: "expected 'touched {index}'', got {output}",
  otherCount: '{touched} of {totalMib} MiB were touched',
  nothingTouched: 'the program touched nothing before it ended',
});

const mib = 2 ** 20;
const limits = { '64M': 64 * mib, '128M': 128 * mib, '256M': 256 * mib } as const;

function limitBytes({ limit }: Params): number {
  const found = Object.entries(limits).find(([name]) => name === limit);
  if (found === undefined) throw new RangeError(`memory/limit has no limit '${limit}'`);
  return found[1];
}

/** Parse the program's lines: amount of touched memory, MiB, and whether it reached its end. The last line may be truncated. */
function progress({ stdout }: Evidence, totalMib: number): { touchedMib: number; survived: boolean } {
  const lines = stdout.split('\n').slice(0, -1);
  const survived = lines.at(-1) === 'survived';
  const touched = survived ? lines.slice(0, -1) : lines;
  for (const [index, line] of touched.entries())
    if (line !== `touched ${index + 1}`)
      throw new ParseError(says.otherLine({ index: index + 1, output: JSON.stringify(line.slice(0, 80)) }));
  if (touched.length > totalMib || (survived && touched.length !== totalMib))
    throw new ParseError(says.otherCount({ touched: touched.length, totalMib }));
  if (touched.length === 0) throw new ParseError(says.nothingTouched);
  return { touchedMib: touched.length, survived };
}

function oomKills({ cgroup }: Evidence): number | null {
  const figure = cgroup?.figures['memory.oom_kills'];
  return figure === undefined || 'absent' in figure ? null : figure.value;
}

/**
 * Describe the end: the kernel counts OOM kills in the trial's cgroup (not with cgroup v1), and the engine may have
 * reported one.
 */
function endedBy(seen: {
  readonly survived: boolean;
  readonly kills: number | null;
  readonly exitCode: number | null;
  readonly oomKilled: boolean | null;
}): Message {
  if (seen.survived) return words.survived;
  if ((seen.kills ?? 0) > 0) return words.killedCounted;
  if (seen.kills === null && seen.oomKilled) return words.killedSaid;
  if (seen.exitCode !== 137) return words.itself;
  return seen.kills === 0 ? words.notByLimit : words.unknownKiller;
}

const limit: Workload = {
  id: 'memory/limit',
  category: 'memory',
  image: 'python',
  title: words.title,
  description: `A container that may have \`limit\` bytes of memory touches twice as much, a MiB at a time, and says how far it has
come. Who ends it, what the engine reports, and how much the program really had.

Under runc and crun the kernel kills the program that touched too much. Under gVisor the sentry, its helper processes and
the application's memory are charged to the same limit, and application memory is no process's own, so the kernel kills the
sentry and with it the whole sandbox: the program can be told nothing, and has less than the limit to itself. Under Kata the
guest gets the limit on top of its own memory and the guest's kernel does the killing, which the host does not count.

The engine's flag for an OOM kill is a race on some hosts: it can be missing for a container that the kernel killed.

A program that survives has touched twice its limit: the limit was not in force.`,
  parameters: { limit: 'memory limit of the container: 64M, 128M or 256M' },
  presets: {
    quick: [],
    standard: [{ limit: '64M' }],
    full: Object.keys(limits).map((name) => ({ limit: name })),
  },
  metrics: [
    {
      id: 'limit.usable',
      unit: 'bytes',
      better: 'higher',
      description:
        'memory that the program had touched, beside the interpreter, when it was ended; steps of 1 MiB',
    },
    {
      id: 'limit.unusable',
      unit: 'bytes',
      better: 'lower',
      description: 'the limit less what the program could touch: interpreter, and under gVisor the sandbox',
    },
  ],
  precision: 0.03,
  maxBlocks: 8,
  exitCodes: [0, 137],
  observe: { kind: 'series' },
  container: (params) => ({
    command: python(touchScript, 2 * limitBytes(params)),
    memoryBytes: limitBytes(params),
    timeoutMs: 60_000,
  }),
  parse(evidence, params) {
    const bytes = limitBytes(params);
    const { touchedMib, survived } = progress(evidence, (2 * bytes) / mib);
    const usable = touchedMib * mib;
    const value = { metric: 'limit.usable', unit: 'bytes', better: 'higher', value: usable } as const;
    if (survived || usable >= bytes) return [value];
    return [value, { metric: 'limit.unusable', unit: 'bytes', better: 'lower', value: bytes - usable }];
  },
  facts(evidence, params) {
    const { survived } = progress(evidence, (2 * limitBytes(params)) / mib);
    const kills = oomKills(evidence);
    const { exitCode, oomKilled } = evidence;
    return [
      { id: 'limit.ended-by', value: endedBy({ survived, kills, exitCode, oomKilled }) },
      { id: 'limit.exit-code', value: String(exitCode) },
      {
        id: 'limit.engine-says-oom',
        value: oomKilled === null ? words.oomUnknown : oomKilled ? words.oom : words.noOom,
      },
    ];
  },
};
export default limit;
