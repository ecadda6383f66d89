import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { analysisOf } from '../../../src/app/measure/conclude.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import type { Analysis } from '../../../src/core/model/analysis/analysis.ts';
import { runRecordSchema } from '../../../src/core/model/run/run.ts';
import { trialRecordSchema } from '../../../src/core/model/trial/trial.ts';
import { charts } from '../../../src/report/charts/index.ts';
import { categorySummaries } from '../../../src/report/findings/category-summary.ts';
import { renderTexts } from '../../../src/report/report.ts';
import { terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { type KataRunOptions, kataRun } from './kata-run.ts';

const workloads = await loadWorkloads();

function concluded(options: KataRunOptions = {}) {
  const { run, trials } = kataRun(options);
  const { analysis, measurements, effective } = analysisOf(run, trials, workloads);
  return { run, analysis, measurements, trials: effective, lang: 'en' as const };
}

const ofKata = ({ rows }: Analysis) => rows.filter(({ runtime }) => runtime === 'kata');
const figure = ({ rows }: Analysis, workload: string, metric: string) =>
  rows.find((row) => row.runtime === 'kata' && row.workload === workload && row.metric === metric);
const file = (input: ReturnType<typeof concluded>, path: string, lang: 'en' | 'fr' = 'en') =>
  renderTexts({ ...input, lang, svgs: {}, chartsHref: '../charts' }).find((text) => text.path === path)
    ?.content ?? '';

test('the run that these tests are about is one that can be stored', () => {
  const { run, trials } = kataRun();
  expect(runRecordSchema.parse(run)).toEqual(run);
  for (const trial of trials) expect(trialRecordSchema.parse(trial)).toEqual(trial);
});

describe('Kata 3.25.0 as captured: a vCPU thread is in the container’s cgroup, and nothing else', () => {
  const input = concluded();
  const { analysis } = input;

  test('no figure of that cgroup has a value, and each has its reason', () => {
    const left = ofKata(analysis).filter(({ metric }) =>
      /^(cpu|memory|io|pids|pressure)\./.test(metric ?? ''),
    );
    const valued = left.filter(({ n }) => n > 0).map(({ metric }) => metric);
    expect(new Set(valued)).toEqual(
      new Set(['memory.resident', 'memory.private', 'memory.footprint', 'memory.unmapped_shmem']),
    );
    for (const metric of ['memory.peak', 'memory.current', 'cpu.usage', 'pids.current']) {
      const row = figure(analysis, 'startup/echo', metric);
      expect(row, metric).toMatchObject({ n: 0, median: null, ratio: null, verdict: 'unavailable' });
      expect(row?.note).toBe(
        `${metric} is left out: the virtual machine runs outside the container’s cgroup, which does not count what it uses`,
      );
    }
    expect(figure(analysis, 'startup/echo', 'total.cpu')?.median).toBeGreaterThan(5e9);
  });

  test('the host’s view takes the place of a headline of that cgroup, and says so', () => {
    const headline = ofKata(analysis).filter(
      ({ headline: is, workload }) => is && workload === 'memory/smallest',
    );
    expect(headline).toMatchObject([{ metric: 'memory.resident', verdict: 'more' }]);
    expect(headline[0]?.ratio).toBeGreaterThan(20);
    expect(headline[0]?.note).toContain(
      'memory.resident, since memory.peak is left out: the virtual machine',
    );
    // Once, and not beside itself.
    expect(
      ofKata(analysis).filter(
        ({ workload, metric }) => workload === 'memory/smallest' && metric === 'memory.resident',
      ),
    ).toHaveLength(1);
  });

  test('the category holds the host’s view alone', () => {
    const memory = categorySummaries(analysis.rows, 'runc').find(({ category }) => category === 'memory');
    expect(memory?.costs.map(({ row }) => row.metric)).toEqual(['memory.resident', 'memory.resident']);
    for (const { cost } of memory?.costs ?? []) expect(cost.ratio).toBeGreaterThan(20);
  });

  test('one warning says why, for all trials, and one that the guest was emulated', () => {
    const said = analysis.warnings.map(({ code, message }) => `${code}: ${message}`).join('\n');
    expect(said).toContain('runs outside the container’s cgroup in all trials.');
    expect(said).toContain('emulated-guest: kata: its virtual machine was emulated (QEMU TCG)');
    expect(said).toContain('Its memory includes code that the emulator translated');
    expect(analysis.warnings.filter(({ code }) => code === 'vm-outside-cgroup')).toHaveLength(1);
  });

  test('summary.csv has the reasons, and the mark of the emulator at every time, rate and memory of Kata’s only', () => {
    const rows: Record<string, string>[] = parse(file(input, 'summary.csv'), { columns: true });
    const peak = rows.find(({ runtime, metric }) => runtime === 'kata' && metric === 'memory.peak');
    expect(peak).toMatchObject({ n: '0', median: '', ratio: '', verdict: 'unavailable' });
    expect(peak?.note).toContain('is left out');
    const valued = rows.filter(({ n }) => n !== '0');
    const timed = valued.filter(({ unit }) => unit === 'ns');
    const memory = valued.filter(({ metric }) => /^(?:memory|pss)\./.test(metric ?? ''));
    expect(timed.length).toBeGreaterThan(10);
    expect(memory.length).toBeGreaterThan(10);
    for (const { runtime, note = '' } of [...timed, ...memory])
      expect(note.startsWith('emulated guest (QEMU TCG)')).toBe(runtime === 'kata');
    const others = valued.filter((row) => ![...timed, ...memory].includes(row));
    for (const { note } of others) expect(note).not.toContain('emulated');
  });

  test.each([
    ['en', 'resident memory', 'emulated guest', 'is left out'],
    ['fr', 'mémoire résidente', 'machine virtuelle émulée', 'est laissé de côté'],
  ] as const)('report.md and the terminal’s table, in %s', (lang, resident, emulated, leftOut) => {
    const report = file(input, 'report.md', lang).replaceAll('\\', '');
    expect(report).toContain(`(${resident})`);
    expect(report).toContain(emulated);
    expect(report).toContain(leftOut);
    // In the first sentence, and in the runtime's card.
    const [, first = ''] = report.split(/^# .*$/m);
    expect(first.slice(0, first.indexOf('\n\n', 3))).toContain(`kata (${emulated})`);
    expect(report).toMatch(new RegExp(`3\\.25\\.0, ${emulated}`));
    expect(report).not.toMatch(/\*\*(refuted|réfuté\w*)\*\*/);
    const table = terminalTable({ ...input, lang });
    const lines = table.split('\n');
    const line = lines.filter((each) => each.startsWith('  kata'));
    expect(line.filter((each) => each.includes(resident))).toHaveLength(1);
    // A mark may go on in the next line.
    const marked = line.filter((each) =>
      `${each} ${lines[lines.indexOf(each) + 1]?.trim() ?? ''}`.includes(emulated),
    );
    expect(marked).toHaveLength(3);
  });

  test('every chart says what of it is the emulator’s: a chart of memory has no times', () => {
    const drawn = charts(input).filter((chart) => 'spec' in chart);
    expect(drawn.length).toBeGreaterThan(3);
    const said = new Map(drawn.map((chart) => [chart.id, JSON.stringify(chart)]));
    for (const text of said.values()) expect(text).toContain('Emulated guest: kata (QEMU TCG)');
    expect(said.get('memory-footprint')).toContain('this memory holds the code that the emulator translated');
    expect(said.get('memory-footprint')).not.toContain('these times');
    expect(said.get('startup-phases')).toContain('these times are the emulator’s');
    expect(said.get('startup-phases')).not.toContain('memory');
    expect(said.get('cost-memory')).toContain('these times and this memory are the emulator’s');
    for (const chart of charts(concluded({ real: true })))
      expect(JSON.stringify(chart)).not.toMatch(/emulat/i);
  });
});

describe('a run that looks at no processes', () => {
  test('knows from the preflight that the virtual machine is elsewhere', () => {
    const { analysis } = concluded({ workloads: ['startup/echo'], real: true });
    expect(figure(analysis, 'startup/echo', 'memory.peak')).toMatchObject({ n: 0 });
    expect(analysis.warnings.map(({ code }) => code)).toContain('vm-outside-cgroup');
  });

  test('claims nothing where the preflight did not look', () => {
    const { analysis } = concluded({ workloads: ['startup/echo'], looked: false });
    expect(figure(analysis, 'startup/echo', 'memory.peak')?.note).toContain('it was not checked');
    expect(analysis.warnings.map(({ code }) => code)).toContain('vm-not-looked-at');
  });

  test('knows it from the trials that looked, where there are any', () => {
    const { analysis } = concluded({ looked: false });
    expect(figure(analysis, 'startup/echo', 'memory.peak')?.note).toContain('runs outside');
    expect(analysis.warnings.find(({ code }) => code === 'vm-outside-cgroup')?.message).toContain(
      'in all trials',
    );
  });
});

test('with sandbox_cgroup_only the cgroup holds the virtual machine: its figures stay, as a headline too', () => {
  const { analysis } = concluded({ set: 'v2-9p-sandbox_cgroup_only', real: true });
  expect(figure(analysis, 'startup/echo', 'memory.peak')?.median).toBeGreaterThan(290e6);
  expect(figure(analysis, 'memory/smallest', 'memory.peak')).toMatchObject({
    headline: true,
    verdict: 'more',
  });
  expect(analysis.warnings.map(({ code }) => code)).not.toContain('vm-outside-cgroup');
});

test('Kata 1 by runtimeType: a cgroup that counted nothing gives no zeros, and the host’s view its headline', () => {
  const { analysis } = concluded({ set: 'v2-virtiofs' });
  const headline = ofKata(analysis).find((row) => row.headline && row.workload === 'memory/smallest');
  expect(headline?.metric).toBe('memory.resident');
  expect(figure(analysis, 'startup/echo', 'memory.peak')?.note).toContain('counted nothing');
  expect(analysis.warnings.find(({ code }) => code === 'cgroup-empty')?.message).toContain('in all trials');
});
