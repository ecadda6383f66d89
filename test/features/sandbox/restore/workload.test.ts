import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notices } from '../../../../src/core/messages/define.ts';
import { absent, present } from '../../../../src/core/metrics/figure.ts';
import type { Evidence } from '../../../../src/core/model/trial/evidence.ts';
import node from '../../../../src/features/sandbox/workloads/restore/node.ts';
import redis from '../../../../src/features/sandbox/workloads/restore/redis.ts';

const captured = JSON.parse(
  readFileSync(new URL('../../../fixtures/sandbox/restore-node-runc.json', import.meta.url), 'utf8'),
) as Pick<Evidence, 'marks' | 'copies' | 'figures'>;
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  stdout: '',
  stderr: '',
  truncated: false,
  exitCode: null,
  oomKilled: null,
  outputs: {},
  window: null,
  cgroup: null,
  ...captured,
  ...more,
});
const values = (found: readonly { readonly metric: string; readonly value: number }[]) =>
  Object.fromEntries(found.map(({ metric, value }) => [metric, value]));

describe('a real trial of runc', () => {
  const found = values(node.parse(evidence(), { warmUp: 200 }));

  test('times begin at the create call of each life and end at its first right answer', () => {
    expect(found['fresh.to_answer']).toBe(1_396_063_554 - 52_029_826);
    expect(found['restore.to_answer']).toBe(2_963_655_157 - 2_740_367_589);
    expect(found['restore.call']).toBe(2_962_320_972 - 2_740_367_589);
    expect(found['checkpoint.time']).toBe(2_697_930_449 - 1_651_031_913);
    expect(found['checkpoint.image']).toBe(30_017_246);
  });

  test('what a restore saves, and from which start-up work it pays, follow from the pair', () => {
    const saving = (found['fresh.to_answer'] ?? 0) - (found['restore.to_answer'] ?? 0);
    expect(found['restore.saving']).toBe(saving);
    const tails = (found['restore.tail'] ?? 0) - (found['fresh.tail'] ?? 0);
    expect(found['restore.saving_read']).toBe(saving - tails);
    expect(found['restore.break_even']).toBe(200e6 - saving);
  });

  test('every value is of a documented metric, in its unit', () => {
    for (const { metric, unit, better } of node.parse(evidence(), { warmUp: 200 }))
      expect(node.metrics).toContainEqual(expect.objectContaining({ id: metric, unit, better }));
  });
});

test('a service whose warm-up is no time has no break-even', () => {
  expect(values(redis.parse(evidence(), { keys: 0 }))).not.toHaveProperty('restore.break_even');
  expect(redis.metrics.map(({ id }) => id)).not.toContain('restore.break_even');
});

test('after a failed try nothing of the restore is timed; its fresh start and the failure stay', () => {
  const { 'restore.tail': _, ...figures } = captured.figures;
  const failed = { ...figures, 'restore.failed_tries': present(1, 'engine') };
  const found = values(node.parse(evidence({ figures: failed }), { warmUp: 200 }));
  expect(Object.keys(found).toSorted()).toEqual(
    [
      'checkpoint.image',
      'checkpoint.time',
      'fresh.call',
      'fresh.tail',
      'fresh.to_answer',
      'restore.failed_tries',
    ].toSorted(),
  );
  expect(found['restore.failed_tries']).toBe(1);
});

test('no ratio is taken of a difference', () => {
  const directions = new Map(node.metrics.map(({ id, better }) => [id, better]));
  for (const id of [
    'restore.saving',
    'restore.saving_read',
    'restore.break_even',
    'restore.tail',
    'fresh.tail',
  ])
    expect(directions.get(id), id).toBe('neither');
});

test('a size out of reach is left out, not zero', () => {
  const { unreadable } = notices('test.restore', { unreadable: 'out of reach' });
  const figures = { ...captured.figures, 'checkpoint.image': absent(unreadable) };
  expect(values(node.parse(evidence({ figures }), { warmUp: 0 }))).not.toHaveProperty('checkpoint.image');
});

test('a trial without a restored service is no data point', () => {
  const copies = captured.copies.slice(0, 1);
  expect(() => node.parse(evidence({ copies }), { warmUp: 0 })).toThrow('restored service');
});

test('an engine that cannot restore is told as the reason, before anything is parsed', () => {
  const { never } = notices('test.restore', { never: 'no checkpoint here' });
  const figures = { 'restore.support': absent(never) };
  expect(
    node.refused?.(evidence({ figures, copies: captured.copies.slice(0, 1) }), { warmUp: 0 }),
  ).toMatchObject({
    text: 'no checkpoint here',
  });
  expect(node.refused?.(evidence(), { warmUp: 0 })).toBeNull();
});
