import { listed } from '../../src/core/messages/compose.ts';
import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { fioTotals } from './fio.ts';
import { longestLine } from './load-advice.ts';
import { quoted, within } from './task-workload.ts';

export const loadWords = messages('tool.load', {
  rate: "{tool}'s requests a second",
  latency: "{tool}'s latency in ns",
  requests: "{tool}'s number of requests",
});

const says = notices('tool.load', {
  severalTests: 'redis-benchmark reports {n} tests; name one, with -t',
  severalTools: 'it printed reports of {tools}; one is needed',
  unknown: 'it printed no report that is known: {output}',
  noNumber: 'no line of its output has a number where {pattern} wants one: {output}',
});

/** The figures parsed from a tool's report; latencies in ns. */
interface Report {
  readonly rate: number;
  readonly mean?: number | undefined;
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
  /** Number of answered requests; absent where the tool does not report it. */
  readonly requests?: number | undefined;
}

/** A load generator, recognised by the name of its program. */
export interface LoadTool {
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
  const begin = stdout.indexOf('"test","rps"');
  if (begin < 0) return null;
  const [head = '', ...rest] = stdout.slice(begin).trim().split('\n');
  const lines = rest.filter((line) => line.startsWith('"'));
  if (lines.length !== 1) throw new ParseError(says.severalTests({ n: lines.length }));
  const cells = (lines[0] ?? '').split(',').map((cell) => Number(/^"([\d.]+)"$/.exec(cell)?.[1]));
  const names = head.split(',').map((name) => name.slice(1, -1));
  const cell = (name: string) => cells[names.indexOf(name)] ?? Number.NaN;
  const [p50, p95, p99] = ['p50', 'p95', 'p99'].map((kind) => cell(`${kind}_latency_ms`) * 1e6);
  return { rate: cell('rps'), p50, p95, p99 };
}

/** redis-benchmark's report of one test, quiet (`-q`) or not. */
function redisText(stdout: string): Report | null {
  const rates = [...stdout.matchAll(/([\d.]+) requests per second/g)];
  if (rates.length > 1) throw new ParseError(says.severalTests({ n: rates.length }));
  const [rate] = rates;
  if (rate === undefined) return null;
  const summary = /avg +min +p50 +p95 +p99 +max\s+[\d.]+ +[\d.]+ +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+/.exec(
    stdout,
  );
  return {
    rate: Number(rate[1]),
    p50: summary === null ? found(stdout, /p50=([\d.]+) msec/, 1e6) : Number(summary[1]) * 1e6,
    p95: summary === null ? undefined : Number(summary[2]) * 1e6,
    p99: summary === null ? undefined : Number(summary[3]) * 1e6,
    requests: found(stdout, /^ +(\d+) requests completed in /m),
  };
}

/** Tools with a parser; captured reports are in test/fixtures/load-tools. */
export const loadTools: readonly LoadTool[] = [
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
    // Nothing that was answered is no success: ab counts connections that were closed as complete requests.
    failure:
      /^(?:Failed requests: +[1-9].*(?:\n +\(.*\))?|Non-2xx responses: +[1-9].*|Total transferred: +0 bytes)$/m,
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
    failure: /^(?:Error distribution:\n.*|[ \t]+\[[145]\d\d\][ \t]+\d+ responses)$/m,
    read(stdout) {
      const rate = found(stdout, /^[ \t]+Requests\/sec:[ \t]+([\d.]+)$/m);
      if (rate === undefined) return null;
      const answers = [...stdout.matchAll(/^[ \t]+\[\d{3}\][ \t]+(\d+) responses$/gm)];
      return {
        rate,
        p50: found(stdout, /^[ \t]+50% in ([\d.]+) secs$/m, 1e9),
        p95: found(stdout, /^[ \t]+95% in ([\d.]+) secs$/m, 1e9),
        p99: found(stdout, /^[ \t]+99% in ([\d.]+) secs$/m, 1e9),
        requests: answers.reduce((sum, [, count]) => sum + Number(count), 0),
      };
    },
  },
  {
    name: 'redis-benchmark',
    latency: ['p50', 'p99'],
    failure: /^(?:Error .*|.*\bERR\b.*)$/m,
    read: (stdout) => redisCsv(stdout) ?? redisText(stdout),
  },
  {
    name: 'k6',
    latency: ['p50', 'p99'],
    // The same line before and since 1.0: grafana.com/docs/k6, "End of test".
    failure: /^[ \t]*(?:[✓✗] )?(?:http_req_failed|checks_failed)\.*: +\d+\.\d+% +(?:[✓✗] +)?[1-9].*$/m,
    read(stdout) {
      const [, requests, rate] =
        /^[ \t]+(?:[✓✗] )?http_reqs\.*: +(\d+) +([\d.]+)\/s[ \t]*$/m.exec(stdout) ?? [];
      if (rate === undefined) return null;
      const [line = ''] = /^[ \t]+(?:[✓✗] )?http_req_duration\.*: .*$/m.exec(stdout) ?? [];
      return {
        rate: Number(rate),
        requests: Number(requests),
        p50: goDuration(line, /\bmed=(\S+)/),
        p95: goDuration(line, /\bp\(95\)=(\S+)/),
        p99: goDuration(line, /\bp\(99\)=(\S+)/),
      };
    },
  },
  {
    name: 'pgbench',
    latency: ['mean'],
    failure: /^(?:number of failed transactions: [1-9].*|pgbench: error: .*)$/m,
    read(stdout) {
      const rate = found(
        stdout,
        /^tps = (\d+\.\d+) \((?:without initial connection time|including reconnection times)\)$/m,
      );
      if (rate === undefined) return null;
      return {
        rate,
        mean: found(stdout, /^latency average = (\d+\.\d+) ms$/m, 1e6),
        requests: found(stdout, /^number of transactions actually processed: (\d+)/m),
      };
    },
  },
  {
    name: 'fio',
    latency: ['p50', 'p99'],
    failure: /^ +"error" : [1-9]\d*,?$/m,
    read: fioTotals,
  },
];

/** A duration as Go prints it, `1.5s` or `1m2.5s`, ns; undefined where the pattern's first group is none. */
function goDuration(line: string, pattern: RegExp): number | undefined {
  const text = pattern.exec(line)?.[1] ?? '';
  if (!/^(?:\d+(?:\.\d+)?(?:h|m|s|ms|µs|us|ns))+$/.test(text)) return undefined;
  const units: Readonly<Record<string, number>> = {
    h: 3600e9,
    m: 60e9,
    s: 1e9,
    ms: 1e6,
    µs: 1e3,
    us: 1e3,
    ns: 1,
  };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|µs|us|ns)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? Number.NaN),
    0,
  );
}

/** What a load says of its requests; latencies in ns, null where it does not say. */
export interface LoadReport {
  /** Name of the tool; null where a pattern found the rate. */
  readonly tool: string | null;
  /** Requests a second. */
  readonly rate: number;
  readonly requests: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** The line that says that requests failed; null where none did. */
  readonly failed: string | null;
}

/**
 * Reads the output of a load of which only the output is known: the report of any tool with a parser. With `patterns.rate` the rate
 * is the number in its first group where it matches last, and of `patterns.requests` the number of requests. ParseError where there
 * is none, or several tools report.
 */
export function readLoad(
  output: string,
  patterns: { readonly rate: RegExp | null; readonly requests: RegExp | null },
): LoadReport {
  const lines = output.split(/\r\n?|\n/);
  const text = lines.map((line) => line.slice(0, longestLine)).join('\n');
  const reports = loadTools.flatMap((tool) => {
    const report = tool.read(text);
    return report === null ? [] : [{ ...tool, report }];
  });
  // Requests that failed count also where the rate is read by a pattern.
  const failed = reports
    .map(({ failure }) => failure.exec(text)?.[0].trim().replaceAll(/\s+/g, ' ') ?? null)
    .find((line) => line !== null);
  if (patterns.rate !== null) {
    const tool = patterns.rate.source;
    const requests = patterns.requests === null ? null : lastNumber(lines, patterns.requests);
    return {
      tool: null,
      mean: null,
      p50: null,
      p95: null,
      p99: null,
      failed: failed ?? null,
      rate: within(loadWords.rate({ tool }), lastNumber(lines, patterns.rate), rates),
      requests: requests === null ? null : within(loadWords.requests({ tool }), requests, [1, 1e12]),
    };
  }
  const [only, ...others] = reports;
  if (only === undefined) throw new ParseError(says.unknown({ output: quoted(text) }));
  if (others.length > 0)
    throw new ParseError(says.severalTools({ tools: listed(reports.map(({ name }) => name)) }));
  const { name, report } = only;
  const { mean = null, p50 = null, p95 = null, p99 = null, requests = null, rate } = report;
  // Of requests that failed the figures are told as they are printed: they can be anything.
  if (failed !== undefined) return { tool: name, rate, requests, mean, p50, p95, p99, failed };
  const latency = (kind: 'mean' | 'p50' | 'p95' | 'p99') =>
    report[kind] === undefined
      ? null
      : within(loadWords.latency({ tool: name }), report[kind], [100, 3.6e12]);
  return {
    tool: name,
    rate: within(loadWords.rate({ tool: name }), report.rate, rates),
    requests:
      report.requests === undefined
        ? null
        : within(loadWords.requests({ tool: name }), report.requests, [1, 1e12]),
    mean: latency('mean'),
    p50: latency('p50'),
    p95: latency('p95'),
    p99: latency('p99'),
    failed: null,
  };
}

/** Rates that a load can have, requests a second. */
const rates = [0.001, 1e9] as const;

/** The number in the first group of a pattern, in the last line where it matches. ParseError where there is none. */
function lastNumber(lines: readonly string[], pattern: RegExp): number {
  const last = lines
    .flatMap((line) => {
      const value = Number(pattern.exec(line)?.[1] || Number.NaN);
      return Number.isNaN(value) ? [] : [value];
    })
    .at(-1);
  if (last !== undefined) return last;
  throw new ParseError(says.noNumber({ pattern: pattern.source, output: quoted(lines.join('\n')) }));
}
