import { messages, notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { type Evidence, timeOf, timeTo } from '../../../../core/model/trial/evidence.ts';
import { ParseError } from '../../../../core/model/trial/parser-output.ts';
import type { Fact, MetricDefinition, ParsedValue } from '../../../../core/model/workload/metric.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { commandMarks, leastFor, type Percentile, percentileOf, settledMark } from '../../tti/latencies.ts';

const words = messages('workload.tti', { title: 'Time to the first command in a sandbox' });

const says = notices('workload.tti', {
  notSettled: 'the trial has no end of its starts',
  noCommand: 'sandbox {index} has no first byte of its command',
  unexplained: '{missing} of {count} sandboxes have neither an answer nor a cause',
  someFailed:
    '{failed} of {count} sandboxes failed, and the others had more of the host; the first cause: {cause}',
  allFailed: 'all {count} sandboxes failed; the first cause: {cause}',
  medianFailed:
    '{failed} of {count} sandboxes failed, so the median time has no value; the first cause: {cause}',
});

const metrics: readonly MetricDefinition[] = [
  {
    id: 'tti.p50',
    unit: 'ns',
    better: 'lower',
    description:
      'median over the sandboxes of a trial: from the create call to the first byte of the first command (create, start and exec); in a sequential trial, a sandbox that failed took infinitely long; host CLOCK_MONOTONIC',
  },
  {
    id: 'tti.p95',
    unit: 'ns',
    better: 'lower',
    description: `its 95th percentile, from ${leastFor.p95} sandboxes; absent where it falls among failed ones`,
  },
  {
    id: 'tti.p99',
    unit: 'ns',
    better: 'lower',
    description: `its 99th percentile, from ${leastFor.p99} sandboxes; absent likewise`,
  },
  {
    id: 'tti.max',
    unit: 'ns',
    better: 'lower',
    description: 'the same of the slowest sandbox; absent where one failed',
  },
  {
    id: 'tti.success',
    unit: 'ratio',
    better: 'higher',
    description:
      'sandboxes that answered ÷ sandboxes that were asked for; also of a trial that failed because one did not answer',
  },
  {
    id: 'tti.rate',
    unit: 'ops/s',
    better: 'higher',
    description: 'of a burst: sandboxes ÷ time from the first create call until the last has answered',
  },
  {
    id: 'tti.core_time',
    unit: 'ns',
    better: 'lower',
    description:
      'of a burst: that time × CPUs of the host ÷ sandboxes: one start on one CPU, if all CPUs were busy',
  },
  {
    id: 'tti.memory',
    unit: 'bytes',
    better: 'lower',
    description:
      'memory of all processes of the sandboxes when all have answered, shims included, each page once and in full; not of sequential trials',
  },
];

function value(metric: string, amount: number): ParsedValue {
  const found = metrics.find(({ id }) => id === metric);
  if (found === undefined) throw new TypeError(metric);
  return { metric, unit: found.unit, better: found.better, value: amount };
}

/** The causes of the sandboxes that failed, by number. */
function failuresOf({ figures }: Pick<Evidence, 'figures'>): readonly Message[] {
  return Object.entries(figures).flatMap(([id, figure]) =>
    /^sandbox\.\d+$/.test(id) && 'absent' in figure ? [recalled(figure, 'absent')] : [],
  );
}

/** The most frequent cause. */
function factsOf(failures: readonly Message[]): readonly Fact[] {
  const causes = [...Map.groupBy(failures, ({ text }) => text).values()];
  const [most] = causes.toSorted((a, b) => b.length - a.length);
  return most?.[0] === undefined ? [] : [{ id: 'tti.failure', value: most[0] }];
}

function figureValue({ figures }: Evidence, id: string): number | null {
  const figure = figures[id];
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

const tti: Workload = {
  id: 'sandbox/tti',
  category: 'sandbox',
  image: 'base',
  title: words.title,
  description: `Creates a sandbox whose first process only sleeps, starts it, and runs \`/bin/echo\` in it by an exec call: what an
agent or a CI job waits for before its first command answers. \`sequential\` makes one sandbox after the other and removes each
before the next, so that it measures an idle host; \`staggered\` begins one every 200 ms; \`burst\` asks for all at once.

A sandbox that fails leaves the others more of the host, and they answer sooner. A burst or a staggered trial in which one
fails has therefore failed: it has no times, only its share of answers (\`tti.success\`) and the CPU. In a sequential trial it
counts as infinitely slow: a percentile that falls among failures has no value, and the trial fails where the median does. The
most frequent cause is the fact \`tti.failure\`; all are in the record of the trial. No failure ends the others. One unit of work
is one sandbox that answered: \`work.cpu\` is the CPU from the create call to the end of the removal, engine included, also of the
sandboxes that failed.

On a host with few CPUs a large burst measures a queue: with 2 CPUs the last of 100 waits for 99 others. \`tti.core_time\` is
the figure to take to another host: wall time × CPUs ÷ sandboxes, the time of one start on one CPU. Before a trial begins, the
host must have memory, processes, threads and open files to spare for all sandboxes that run at once.`,
  parameters: {
    mode: 'when sandboxes are created: `sequential`, `staggered` (200 ms apart) or `burst` (at once)',
    count: 'sandboxes of a trial',
  },
  presets: {
    quick: [],
    standard: [],
    full: [
      { mode: 'sequential', count: 5 },
      { mode: 'staggered', count: 20 },
      ...[20, 50, 100].map((count) => ({ mode: 'burst', count })),
    ],
    sandbox: [
      { mode: 'sequential', count: 3 },
      { mode: 'burst', count: 20 },
    ],
  },
  metrics,
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'exec sleep 3600'], timeoutMs: 120_000 }),
  group: ({ mode, count }) => ({
    kind: 'runner',
    runner: 'tti',
    count: Number(count),
    // Whether there is room for several is read on the engine's host.
    ...(mode === 'sequential' ? {} : { needsHost: true }),
    settings: { mode: String(mode) },
  }),
  refused({ figures }) {
    const room = figures['sandbox.room'];
    return room !== undefined && 'absent' in room ? recalled(room, 'absent') : null;
  },
  parse(evidence, { mode, count: asked }) {
    const { copies, marks } = evidence;
    const count = Number(asked);
    const failures = failuresOf(evidence);
    if (copies.length + failures.length !== count)
      throw new ParseError(says.unexplained({ missing: count - copies.length - failures.length, count }));
    const [cause] = failures;
    const shared = [
      value('tti.success', copies.length / count),
      { metric: 'work.units', unit: 'count', better: 'neither', value: copies.length } as const,
    ];
    const told = { values: shared, facts: factsOf(failures) };
    if (cause !== undefined && copies.length === 0)
      throw new ParseError(says.allFailed({ count, cause }), told);
    if (cause !== undefined && mode !== 'sequential')
      throw new ParseError(says.someFailed({ failed: failures.length, count, cause }), told);
    const latencies = copies.map((copy) => {
      const latency = timeTo(commandMarks.output, copy);
      if (latency === null) throw new ParseError(says.noCommand({ index: copy.index }));
      return latency;
    });
    const settled = timeOf(marks, settledMark);
    if (settled === undefined || settled <= 0) throw new ParseError(says.notSettled);
    const percentiles = (['p50', 'p95', 'p99', 'max'] as const).flatMap((which: Percentile) => {
      const latency = percentileOf(latencies, count, which);
      return count >= leastFor[which] && Number.isFinite(latency) ? [value(`tti.${which}`, latency)] : [];
    });
    if (cause !== undefined && percentiles[0]?.metric !== 'tti.p50')
      throw new ParseError(says.medianFailed({ failed: failures.length, count, cause }), told);
    const cpus = figureValue(evidence, 'host.cpus');
    const memory = figureValue(evidence, 'sandboxes.resident');
    return [
      ...percentiles,
      ...shared,
      ...(mode === 'burst' ? [value('tti.rate', (count / settled) * 1e9)] : []),
      ...(mode === 'burst' && cpus !== null ? [value('tti.core_time', (settled * cpus) / count)] : []),
      ...(memory === null ? [] : [value('tti.memory', memory)]),
    ];
  },
  facts: (evidence) => factsOf(failuresOf(evidence)),
};
export default tti;
