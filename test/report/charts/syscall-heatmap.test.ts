import { expect, test } from 'vitest';
import { drawn, panels, suite, type Value, values } from './drawn.ts';

test('heat map: at most 40 rows, operations before single calls, the costliest first', () => {
  const chart = drawn('syscall-heatmap');
  const cells = panels('syscall-heatmap').flatMap(values);
  const calls = [...new Set(cells.map((cell) => String(cell.call)))];
  expect(calls).toHaveLength(40);
  expect(calls.filter((call) => !call.endsWith('()'))).toHaveLength(20);
  expect(calls).toContain('file open');
  expect(calls).toContain('mincore()');
  expect(calls).not.toContain('trivial()');
  expect(chart.caption).toContain('40 of ');
  const worst = calls.map((call) =>
    Math.max(
      ...cells.flatMap((cell) =>
        cell.call === call && cell.ratio !== undefined ? [Number(cell.ratio)] : [],
      ),
    ),
  );
  expect(worst).toEqual(worst.toSorted((a, b) => b - a));
});

test('heat map: the baseline’s column holds times and no colour; ratios are those of the table', () => {
  const cells = panels('syscall-heatmap').flatMap(values);
  const cell = (runtime: string) => cells.find((one) => one.call === 'file open' && one.runtime === runtime);
  expect(cell('runc')?.ratio).toBeUndefined();
  expect(cell('runc')?.label).toMatch(/µs$/);
  const row = suite.analysis.rows.find(
    (one) => one.workload === 'syscall/file' && one.params === 'op=open' && one.runtime === 'runsc',
  );
  expect(cell('runsc')?.ratio).toBeCloseTo(row?.ratio ?? 0, 2);
});

test('heat map: 1× has the middle colour, the scale ends where the cells do, and inconclusive cells are marked', () => {
  const scaleOf = (input: typeof suite) => {
    const found = /"domain":(\[[^\]]+\]),"range":(\[[^\]]+\])/.exec(
      JSON.stringify(drawn('syscall-heatmap', input).spec),
    );
    const logs = (JSON.parse(found?.[1] ?? '[]') as number[]).map(Math.log);
    return { logs, colors: JSON.parse(found?.[2] ?? '[]') as string[] };
  };
  // Nothing is much cheaper than under the baseline: the cheap side of the scale has one step.
  const { logs, colors } = scaleOf(suite);
  expect(logs).toHaveLength(5);
  expect(logs[1]).toBe(0);
  expect(colors[1]).toBe('#f7f7f7');
  const cheap = suite.analysis.rows.map((row) =>
    row.metric === 'op.time' && row.runtime === 'crun' && row.params === 'op=open'
      ? { ...row, ratio: 0.001, verdict: 'faster' as const }
      : row,
  );
  const both = scaleOf({ ...suite, analysis: { ...suite.analysis, rows: cheap } });
  expect(both.logs).toHaveLength(7);
  expect((both.logs[0] ?? 0) + (both.logs[6] ?? 1)).toBeCloseTo(0, 4);
  expect(both.colors[3]).toBe('#f7f7f7');
  const isDoubted = (row: { metric: string | null; runtime: string; params: string }) =>
    row.metric === 'op.time' && row.runtime === 'runsc' && ['op=open', 'op=exec'].includes(row.params);
  const doubted = suite.analysis.rows.map((row) =>
    isDoubted(row) ? { ...row, verdict: 'inconclusive' as const } : row,
  );
  const chart = drawn('syscall-heatmap', { ...suite, analysis: { ...suite.analysis, rows: doubted } });
  const shown = (chart.spec.hconcat as Value[]).flatMap(values);
  const doubtful = doubted.filter(
    (row) =>
      row.metric === 'op.time' &&
      row.verdict === 'inconclusive' &&
      shown.some(({ runtime }) => runtime === row.runtime),
  ).length;
  const marked = shown.filter(
    (cell) => !String(cell.call).endsWith('()') && String(cell.label).includes('?'),
  ).length;
  expect(doubtful).toBeGreaterThan(1);
  expect(marked).toBe(doubtful);
});

test('heat map: a wild ratio that is inconclusive does not displace a conclusive one', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.metric === 'syscall.inotify_init1'
      ? { ...row, ratio: row.ratio === null ? null : 900, verdict: 'inconclusive' as const }
      : row,
  );
  const input = { ...suite, analysis: { ...suite.analysis, rows } };
  const cells = (drawn('syscall-heatmap', input).spec.hconcat as Value[]).flatMap(values);
  expect(cells.some((cell) => cell.call === 'inotify_init1()')).toBe(false);
});

test('heat map: what is inconclusive is pale, with dark letters', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.metric === 'op.time' && row.ratio !== null ? { ...row, verdict: 'inconclusive' as const } : row,
  );
  const chart = drawn('syscall-heatmap', { ...suite, analysis: { ...suite.analysis, rows } });
  const cells = (chart.spec.hconcat as Value[])
    .flatMap(values)
    .filter(({ call, ratio }) => !String(call).endsWith('()') && ratio !== undefined);
  expect(cells.length).toBeGreaterThan(0);
  expect(cells.every(({ unsure, ink }) => unsure === true && ink === 'dark')).toBe(true);
  expect(chart.caption).toContain('pale and ?: inconclusive');
  const pale = '{"test":{"and":[{"param":"picked"},"datum.unsure"]},"value":0.25}';
  expect(JSON.stringify(chart.spec).includes(pale)).toBe(true);
});

test('heat map: a runtime of which nothing is claimed has no column, and is named in the caption', () => {
  const silent = (runtimes: readonly string[]) => {
    const rows = suite.analysis.rows.map((row) =>
      runtimes.includes(row.runtime) && row.ratio !== null
        ? { ...row, verdict: 'inconclusive' as const }
        : row,
    );
    return drawn('syscall-heatmap', { ...suite, analysis: { ...suite.analysis, rows } });
  };
  const columns = (chart: ReturnType<typeof silent>) =>
    new Set((chart.spec.hconcat as Value[]).flatMap(values).map(({ runtime }) => runtime));
  const one = silent(['crun']);
  expect(columns(one)).toEqual(new Set(['runc', 'runsc', 'runsc-ptrace']));
  expect(one.caption).toContain('crun: no difference claimed here, left out');
  // With no claim at all the marks of doubt are what there is to see.
  const all = silent(['crun', 'runsc', 'runsc-ptrace']);
  expect(columns(all)).toEqual(new Set(['runc', 'crun', 'runsc', 'runsc-ptrace']));
  expect(all.caption).not.toContain('left out');
});
