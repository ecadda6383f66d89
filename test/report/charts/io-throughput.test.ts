import { expect, test } from 'vitest';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';
import { data, drawn, standard, values } from './drawn.ts';

test('I/O: right is better, so rates are not inverted; every target and operation has its row', () => {
  const values = data(standard, 'io-throughput');
  const cells = new Set(values.map((value) => `${value.op} ${value.target}`));
  expect(cells.size).toBe(6);
  expect(cells).toContain('write\nfio-write rootfs');
  const of = (runtime: string) =>
    values.find((value) => value.runtime === runtime && value.target === 'tmpfs');
  expect(Number(of('runc')?.value)).toBeGreaterThan(Number(of('runsc')?.value));
});

test('I/O grid: known targets and operations in their order, on one scale', () => {
  const { spec } = drawn('io-throughput');
  const facet = spec.facet as { column: { sort: string[] } };
  expect(facet.column.sort).toEqual(['rootfs', 'bind', 'volume', 'tmpfs']);
  const ops = [...new Set(values(spec).map((value) => String(value.op).split('\n')[0]))];
  expect(ops).toEqual(expect.arrayContaining(['randread', 'randwrite', 'seqread', 'seqwrite']));
  const cells = new Set(values(spec).map((value) => `${value.op}|${value.target}`));
  expect(cells.size).toBe(16 + 6);
});

test('I/O grid: what one picture has no room for is in the next, on the same scale, and nothing is lost', () => {
  const more = fullSuite.flatMap((model) =>
    model.workload === 'io/fio'
      ? ['psync', 'libaio', 'io_uring'].map((engine) => ({
          ...model,
          params: model.params.replace('psync', engine),
        }))
      : [],
  );
  const input = syntheticRun({ more });
  const pages = ['io-throughput', 'io-throughput-2'].map((id) => drawn(id, input).spec);
  const cells = pages.flatMap((spec) => [
    ...new Set(values(spec).map((value) => `${value.op}|${value.target}`)),
  ]);
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells).toHaveLength(3 * 16 + 6);
  const domains = pages.map((spec) => /"domain":\[[\d.]+,[\d.]+\]/.exec(JSON.stringify(spec))?.[0]);
  expect(domains[0]).toBeDefined();
  expect(domains[0]).toBe(domains[1]);
});
