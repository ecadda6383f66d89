import { expect, test } from 'vitest';
import { listKinds } from '../../src/app/list.ts';

test('lists all that can be measured, and what is asked for in either number', () => {
  const all = listKinds(undefined);
  expect(all).toEqual(expect.arrayContaining(['runtimes', 'workloads', 'metrics']));
  expect(all).not.toContain('runs');
  expect(all).not.toContain('profiles');
  expect([listKinds('run'), listKinds('runs')]).toEqual([['runs'], ['runs']]);
  expect(() => listKinds('workload s')).toThrow(/workloads/);
});
