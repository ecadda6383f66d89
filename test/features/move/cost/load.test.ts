import { expect, test } from 'vitest';
import { formatProblems, OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { refuseUselessLoad } from '../../../../src/features/move/cost/first.ts';
import { prepareLoad } from '../../../../src/features/move/cost/load.ts';

const signal = new AbortController().signal;

/** What is said of a load, a service of the file, that ends with this code after this output. */
async function said(name: string, exitCode: number | null, output: string): Promise<string> {
  const load = { kind: 'service', name } as const;
  const up = { service: name, containerId: 'id', cgroup: { cpuNow: () => 0 } };
  const compose = { start: async () => null, wait: async () => exitCode, logs: async () => output };
  const prepared = await prepareLoad(load, { add: async () => up } as never, {
    compose: compose as never,
    hostPlace: {} as never,
    patterns: { rate: null, requests: null },
  });
  if ('refused' in prepared) throw new Error(prepared.refused.text);
  const started = await prepared.start(signal);
  const ended = 'refused' in started ? started : await started.end(1_000, signal);
  const report = 'refused' in ended ? ended : await ended.read();
  const first = {
    plan: { load, baseline: 'runc' },
    of: 'load',
    tookMs: 1_000,
    figures: {},
    failure: 'refused' in report ? report.refused : null,
  };
  try {
    refuseUselessLoad(first as never, { file: 'compose.yaml', arms: 2, withinMs: 600_000 });
    return '';
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    return `exit ${error.exitCode}: ${formatProblems(error.problems).join('\n')}`;
  }
}

test('a load that cannot be used is refused with what it did', async () => {
  expect(await said('silent', 0, '')).toMatch(
    /^exit 2: .*services\.silent: under runc: it printed no report that is known/,
  );
  expect(await said('failing', 3, 'asking\nno such page\n')).toMatch(
    /^exit 2: .*services\.failing: under runc: the load exited with code 3: no such page\n/,
  );
  expect(await said('endless', null, '')).toMatch(/services\.endless: under runc: the load did not end/);
  const report = 'throughput summary:\n  requests per second: 100.00\n';
  expect(
    await said('load', 0, `${report}Requests/sec:   5082.77\n  5110 requests in 1.01s, 1.02MB read\n`),
  ).toBe('');
});
