import { basename } from 'node:path/posix';
import { messages, notices } from '../../src/core/messages/define.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/metric.ts';
import { ParseError } from '../../src/core/model/workload.ts';
import { quoted, within } from './task-workload.ts';

const words = messages('tool.load', {
  rate: "{tool}'s requests a second",
  latency: "{tool}'s latency in ns",
  requests: "{tool}'s number of requests",
});

const says = notices('tool.load', {
  noRate: "no rate of requests in {tool}'s report: {output}",
  failed: '{tool} reports requests that failed: {line}',
  severalTests: 'redis-benchmark reports {n} tests; name one, with -t',
});

/** The figures parsed from a tool's report; latencies in ns. */
interface Report {
  readonly rate: number;
  readonly mean?: number | undefined;
  readonly p50?: number | undefined;
  readonly p99?: number | undefined;
  /** Number of answered requests; absent where the tool does not report it. */
  readonly requests?: number | undefined;
}

/** A load generator, recognised by the name of its program. */
interface LoadTool {
  readonly name: string;
  /** Does its report always have a mean latency, or percentiles? */
  readonly latency: readonly ('mean' | 'p50' | 'p99')[];
  /** Lines that report failed requests. The service was then not measured at work. */
  readonly failure: RegExp;
  /** null where the text is not a report of this tool. */
  read(stdout: string): Report | null;
}

/** The number that the pattern's first group finds; undefined where it finds none. */
function found(stdout: string, pattern: RegExp, factor = 1): number | undefined {
  const text = pattern.exec(stdout)?.[1];
  return text === undefined ? undefined : Number(text) * factor;
}

const unitNs: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

/** A percentile of wrk (`50%  689.00us`); undefined without `--latency`. */
function wrkLatency(stdout: string, percentile: number): number | undefined {
  const at = new RegExp(`^ +${percentile}% +(\\d+\\.\\d+)(us|ms|s|m)$`, 'm').exec(stdout);
  return at === null ? undefined : Number(at[1]) * (unitNs[at[2] ?? ''] ?? Number.NaN);
}

/** redis-benchmark's CSV; null for its other forms. */
function redisCsv(stdout: string): Report | null {
  const [head = '', ...lines] = stdout.trim().split('\n');
  if (!head.startsWith('"test","rps"')) return null;
  if (lines.length !== 1) throw new ParseError(says.severalTests({ n: lines.length }));
  const cells = (lines[0] ?? '').split(',').map((cell) => Number(/^"([\d.]+)"$/.exec(cell)?.[1]));
  const names = head.split(',').map((name) => name.slice(1, -1));
  const cell = (name: string) => cells[names.indexOf(name)] ?? Number.NaN;
  return { rate: cell('rps'), p50: cell('p50_latency_ms') * 1e6, p99: cell('p99_latency_ms') * 1e6 };
}

/** redis-benchmark's report of one test, quiet (`-q`) or not. */
function redisText(stdout: string): Report | null {
  const rates = [...stdout.matchAll(/([\d.]+) requests per second/g)];
  if (rates.length > 1) throw new ParseError(says.severalTests({ n: rates.length }));
  const [rate] = rates;
  if (rate === undefined) return null;
  const summary = /avg +min +p50 +p95 +p99 +max\s+[\d.]+ +[\d.]+ +([\d.]+) +[\d.]+ +([\d.]+) +[\d.]+/.exec(
    stdout,
  );
  return {
    rate: Number(rate[1]),
    p50: summary === null ? found(stdout, /p50=([\d.]+) msec/, 1e6) : Number(summary[1]) * 1e6,
    p99: summary === null ? undefined : Number(summary[2]) * 1e6,
    requests: found(stdout, /^ +(\d+) requests completed in /m),
  };
}

/** Tools with a parser; captured reports are in test/fixtures/load-tools. */
const tools: readonly LoadTool[] = [
  {
    name: 'wrk',
    latency: ['p50', 'p99'],
    failure: /^ +(?:Socket errors: .*|Non-2xx or 3xx responses: .*)$/m,
    read(stdout) {
      const rate = found(stdout, /^Requests\/sec: +(\d+\.\d+)$/m);
      if (rate === undefined) return null;
      return {
        rate,
        p50: wrkLatency(stdout, 50),
        p99: wrkLatency(stdout, 99),
        requests: found(stdout, /^ +(\d+) requests in /m),
      };
    },
  },
  {
    name: 'ab',
    // Its percentiles are whole milliseconds, too coarse for a ratio.
    latency: ['mean'],
    failure: /^(?:Failed requests: +[1-9].*|Non-2xx responses: +[1-9].*)$/m,
    read(stdout) {
      const rate = found(stdout, /^Requests per second: +([\d.]+) /m);
      if (rate === undefined) return null;
      return {
        rate,
        mean: found(stdout, /^Time per request: +([\d.]+) \[ms\] \(mean\)$/m, 1e6),
        requests: found(stdout, /^Complete requests: +(\d+)$/m),
      };
    },
  },
  {
    name: 'hey',
    latency: ['p50', 'p99'],
    failure: /^(?:Error distribution:|\s+\[[145]\d\d\]\s+\d+ responses)$/m,
    read(stdout) {
      const rate = found(stdout, /^\s+Requests\/sec:\s+([\d.]+)$/m);
      if (rate === undefined) return null;
      const answers = [...stdout.matchAll(/^\s+\[\d{3}\]\s+(\d+) responses$/gm)];
      return {
        rate,
        p50: found(stdout, /^\s+50% in ([\d.]+) secs$/m, 1e9),
        p99: found(stdout, /^\s+99% in ([\d.]+) secs$/m, 1e9),
        requests: answers.reduce((sum, [, count]) => sum + Number(count), 0),
      };
    },
  },
  {
    name: 'redis-benchmark',
    latency: ['p50', 'p99'],
    failure: /^(?:Error .*|WARN.*|.*\bERR\b.*)$/m,
    read: (stdout) => redisCsv(stdout) ?? redisText(stdout),
  },
];

function toolOf(command: readonly string[]): LoadTool | undefined {
  return tools.find(({ name }) => name === basename(command[0] ?? ''));
}

const latencyMeaning = {
  mean: 'mean latency of a request',
  p50: 'median latency of a request',
  p99: '99th percentile of the latency of a request',
} as const;

/** The metrics of a load, the headline first: the rate that a known tool reports, or else the duration of the command. */
export function loadMetrics(command: readonly string[]): readonly MetricDefinition[] {
  const tool = toolOf(command);
  if (tool === undefined)
    return [
      {
        id: 'load.time',
        unit: 'ns',
        better: 'lower',
        description: 'wall time of the command that makes the load; host CLOCK_MONOTONIC',
      },
    ];
  return [
    { id: 'load.rate', unit: 'ops/s', better: 'higher', description: `requests a second, by ${tool.name}` },
    ...tool.latency.map(
      (kind): MetricDefinition => ({
        id: `load.latency_${kind}`,
        unit: 'ns',
        better: 'lower',
        description: `${latencyMeaning[kind]}, by ${tool.name}, where it says so`,
      }),
    ),
  ];
}

/**
 * Reads the report of a load: rate, latencies, and the requests as units of work. `tookNs`: its wall time, the only figure of
 * an unknown program. ParseError on another report, and where requests failed.
 */
export function parseLoad(command: readonly string[], stdout: string, tookNs: number): ParsedValue[] {
  const tool = toolOf(command);
  if (tool === undefined) return [{ metric: 'load.time', unit: 'ns', better: 'lower', value: tookNs }];
  const { name } = tool;
  const trouble = tool.failure.exec(stdout);
  if (trouble !== null) throw new ParseError(says.failed({ tool: name, line: quoted(trouble[0]) }));
  const report = tool.read(stdout);
  if (report === null) throw new ParseError(says.noRate({ tool: name, output: quoted(stdout) }));
  const rate = within(words.rate({ tool: name }), report.rate, [0.001, 1e9]);
  const latencies = tool.latency.flatMap((kind): ParsedValue[] => {
    const value = report[kind];
    if (value === undefined) return [];
    // Bounds: a tenth of a microsecond, and an hour.
    const checked = within(words.latency({ tool: name }), value, [100, 3.6e12]);
    return [{ metric: `load.latency_${kind}`, unit: 'ns', better: 'lower', value: checked }];
  });
  const { requests } = report;
  const units: ParsedValue[] =
    requests === undefined
      ? []
      : [
          {
            metric: 'work.units',
            unit: 'count',
            better: 'neither',
            value: within(words.requests({ tool: name }), requests, [1, 1e12]),
          },
        ];
  return [{ metric: 'load.rate', unit: 'ops/s', better: 'higher', value: rate }, ...latencies, ...units];
}
