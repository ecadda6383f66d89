import { expect, test } from 'vitest';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { formatParams, type Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import git from '../../workloads/app/git.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf, windowOf } from './support.ts';

/** Half a second between the stamps. */
const half = windowOf(5e8);
const tasks = (await loadWorkloads()).filter(({ metrics }) => metrics[0]?.id === 'task.time');
const cells = tasks.flatMap((workload) =>
  workload.presets.full.map((params): readonly [string, Workload, Params] => {
    const values = formatParams(params).replaceAll('=', '-').replaceAll(';', '-');
    return [`${workload.id.replace('/', '-')}${values === '' ? '' : `-${values}`}`, workload, params];
  }),
);

test('tasks are in the preset full only, whose budget ends nothing else', () => {
  expect(tasks.length).toBeGreaterThanOrEqual(15);
  for (const { id, presets } of tasks)
    expect([id, presets.quick, presets.standard, presets.lab ?? []]).toEqual([id, [], [], []]);
});

test.each(cells)(
  'what %s printed under each runtime is its answer, and nothing else is',
  (folder, workload, params) => {
    for (const runtime of runtimes) {
      const text = captured(folder, `${runtime}.txt`);
      const values = valuesOf(workload.parse(output(text, half), params));
      const units = values['work.units'] ?? Number.NaN;
      expect(units).toBeGreaterThan(0);
      expect(values).toEqual({ 'task.time': 5e8 / units, 'work.units': units });
      expect(() => workload.parse(output(text), params)).toThrow('no stamped window');
    }
    const good = captured(folder, 'runc.txt');
    const other = good.replace(/\d/, (digit) => `${(Number(digit) + 1) % 10}`);
    for (const bad of [other, `${good}${good}`, good.trim(), ''])
      expect(() => workload.parse(output(bad, half), params)).toThrow(ParseError);
    survivesHostileOutput(workload, good, params, half);
  },
);

test('an answer of another operation is no data point, and there is no other operation', () => {
  const status = captured('app-git-op-status', 'runc.txt');
  expect(() => git.parse(output(status, half), { op: 'commit' })).toThrow(ParseError);
  for (const op of ['push', 'constructor', 1])
    expect(() => git.container({ op })).toThrow(`app/git has no operation '${op}'`);
});
