import { expect, test } from 'vitest';
import { prepareLoad } from '../../../../src/features/move/cost/load.ts';

const signal = new AbortController().signal;

/** What is said of a load, a service of the file, that ends with this code after this output; and what is to be changed. */
async function said(exitCode: number | null, output: string): Promise<readonly (string | undefined)[]> {
  const up = { service: 'load', containerId: 'id', cgroup: { cpuNow: () => 0 } };
  const compose = { start: async () => null, wait: async () => exitCode, logs: async () => output };
  const prepared = await prepareLoad({ kind: 'service', name: 'load' }, { add: async () => up } as never, {
    compose: compose as never,
    hostPlace: {} as never,
    patterns: { rate: null, requests: null },
  });
  if ('refused' in prepared) throw new Error(prepared.refused.text);
  const started = await prepared.start(signal);
  const ended = 'refused' in started ? started : await started.end(1_000, signal);
  const report = 'refused' in ended ? ended : ended.read();
  return 'refused' in report ? [report.refused.text, report.fix?.text] : [];
}

const mend = expect.stringMatching(/^if it needs another network, add --with-network/);

test('a load that cannot be used is told with what it printed, and with what can be changed', async () => {
  expect(await said(0, '')).toEqual([expect.stringMatching(/^it printed no report that is known/), mend]);
  expect(await said(3, 'asking\nno such page\n')).toEqual([
    'the load exited with code 3: no such page',
    mend,
  ]);
  expect(await said(null, '')).toEqual(['the load did not end within 1 s', undefined]);
  const report = 'throughput summary:\n  requests per second: 100.00\n';
  expect(await said(0, `${report}Requests/sec:   5082.77\n  5110 requests in 1.01s, 1.02MB read\n`)).toEqual(
    [],
  );
});
