import { describe, expect, test } from 'vitest';
import { serviceOf } from '../../../src/core/config/service-shape.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import type { Evidence } from '../../../src/core/model/trial/evidence.ts';
import { workloadIdsOf } from '../../../src/core/model/workload/service.ts';
import { serviceWorkloads } from '../../../workloads/lib/service-workloads.ts';

const web = serviceOf({ image: 'web:1', ready: 8080, load: 'wrk http://{address}:8080/' });
const logger = serviceOf({ image: 'recipe:servers', name: 'logger', cmd: 'serve', ready: '^ready in \\d+' });
const batch = serviceOf({ image: 'batch:1' });

const evidence = (marks: Readonly<Record<string, number>>, more: Partial<Evidence> = {}): Evidence => ({
  stdout: '',
  stderr: '',
  truncated: false,
  exitCode: 0,
  oomKilled: null,
  outputs: {},
  window: null,
  copies: [],
  figures: {},
  cgroup: null,
  marks: Object.entries(marks).map(([name, atNs]) => ({ name, atNs }) as Evidence['marks'][number]),
  ...more,
});

test('they are workloads as a user’s own are', async () => {
  const all = [web, logger, batch].flatMap(serviceWorkloads);
  const ids = (await loadWorkloads(all)).map(({ id }) => id);
  expect(ids.slice(-6)).toEqual([web, logger, batch].flatMap(workloadIdsOf));
  expect(all.map(({ id }) => id)).toEqual([
    'startup/own-web',
    'memory/own-web',
    'app/own-web',
    'startup/own-logger',
    'memory/own-logger',
    'app/own-batch',
  ]);
});

test('a port needs a network, and a line of output does not', () => {
  const networks = [web, logger, batch].map((service) => serviceWorkloads(service)[0]?.container({}).network);
  expect(networks).toEqual(['bridge', undefined, undefined]);
});

test('what is done to it', () => {
  const steps = serviceWorkloads(web).map((workload) => workload.steps?.({}).map((step) => step.do));
  expect(steps).toEqual([
    ['await-service', 'stop'],
    ['await-service', 'settle', 'snapshot', 'kill'],
    ['await-service', 'peer-exec', 'kill'],
  ]);
  expect(serviceWorkloads(logger)[0]?.steps?.({})[0]).toEqual({
    do: 'await-match',
    pattern: '^ready in \\d+',
    mark: 'serving',
  });
  expect(serviceWorkloads(web)[2]?.peer?.({})).toMatchObject({ image: 'load' });
  expect(serviceWorkloads(web)[0]?.image).toEqual({ reference: 'web:1' });
  expect(serviceWorkloads(logger)[0]?.image).toBe('servers');
});

describe('a service that ignores SIGTERM', () => {
  const times = { 'create-begin': 0, 'start-begin': 1e9, serving: 3e9, 'stop-begin': 4e9 };
  const [startup] = serviceWorkloads(web);
  const metrics = (found: Evidence) => startup?.parse(found, {}).map(({ metric, value }) => [metric, value]);

  test('has no time to stop', () => {
    const killed = evidence({ ...times, 'stop-end': 9.2e9 }, { exitCode: 137 });
    expect(metrics(killed)).toEqual([
      ['startup.to_serving', 3e9],
      ['startup.start_to_serving', 2e9],
    ]);
  });

  test('and others have one', () => {
    expect(metrics(evidence({ ...times, 'stop-end': 4.5e9 }, { exitCode: 143 }))?.[2]).toEqual([
      'startup.stop',
      0.5e9,
    ]);
  });
});

test('a job takes from its start to its end', () => {
  const [job] = serviceWorkloads(batch);
  expect(job?.parse(evidence({ 'start-begin': 5, exit: 25 }), {})).toMatchObject([
    { metric: 'job.time', value: 20 },
  ]);
  expect(() => job?.parse(evidence({ 'start-begin': 5 }), {})).toThrow('did not end by itself');
});
