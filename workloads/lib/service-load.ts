import { basename } from 'node:path/posix';
import { notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/workload/metric.ts';
import { type LoadTool, loadTools, loadWords } from './load-tools.ts';
import { quoted, within } from './task-workload.ts';

const says = notices('tool.load', {
  noRate: "no rate of requests in {tool}'s report: {output}",
  failed: '{tool} reports requests that failed: {line}',
});

function toolOf(command: readonly string[]): LoadTool | undefined {
  return loadTools.find(({ name }) => name === basename(command[0] ?? ''));
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
  const rate = within(loadWords.rate({ tool: name }), report.rate, [0.001, 1e9]);
  const latencies = tool.latency.flatMap((kind): ParsedValue[] => {
    const value = report[kind];
    if (value === undefined) return [];
    // Bounds: a tenth of a microsecond, and an hour.
    const checked = within(loadWords.latency({ tool: name }), value, [100, 3.6e12]);
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
            value: within(loadWords.requests({ tool: name }), requests, [1, 1e12]),
          },
        ];
  return [{ metric: 'load.rate', unit: 'ops/s', better: 'higher', value: rate }, ...latencies, ...units];
}
