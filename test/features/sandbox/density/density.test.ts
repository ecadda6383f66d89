import { expect, test } from 'vitest';
import { effectiveTrials } from '../../../../src/core/analyze/values/effective-trial.ts';
import { recalled } from '../../../../src/core/messages/record.ts';
import { ParseError } from '../../../../src/core/model/trial/parser-output.ts';
import type { Figure } from '../../../../src/core/model/trial/trial.ts';
import { AnswerReader } from '../../../../src/features/sandbox/density/answers.ts';
import { causeWords } from '../../../../src/features/sandbox/density/causes.ts';
import { causes, kneeFigures, kneeIn, missedBy } from '../../../../src/features/sandbox/density/knee.ts';
import { figuresOf, type Step, stepsIn } from '../../../../src/features/sandbox/density/step.ts';
import {
  answerMetrics,
  densityFacts,
  densityMetrics,
  nextCount,
  parseDensity,
  stepSize,
} from '../../../../src/features/sandbox/density/workload.ts';
import idle from '../../../../src/features/sandbox/workloads/density/idle.ts';
import loaded from '../../../../src/features/sandbox/workloads/density/loaded.ts';
import { cell, trialRecord } from '../../../support/records.ts';
import { valuesOf } from '../../../workloads/support.ts';
import captured from './captured.json' with { type: 'json' };

type Figures = Readonly<Record<string, Figure>>;
const of = (name: keyof typeof captured): { readonly figures: Figures } => ({
  figures: captured[name] as Figures,
});
const mebibyte = 2 ** 20;

test('one more sandbox of gVisor takes several times what one more of runc takes', () => {
  const [runc, runsc] = [of('idle runc'), of('idle runsc')].map((found) => valuesOf(parseDensity(found)));
  const memory = 'density.next_memory';
  expect(runc?.[memory]).toBeGreaterThan(4 * mebibyte);
  expect(runc?.[memory]).toBeLessThan(7 * mebibyte);
  expect(runsc?.[memory]).toBeGreaterThan(3 * (runc?.[memory] ?? Number.NaN));
  for (const values of [runc, runsc]) {
    expect(values?.['density.next_memory_low']).toBeLessThan(values?.[memory] ?? Number.NaN);
    expect(values?.['density.next_memory_high']).toBeGreaterThan(values?.[memory] ?? Number.NaN);
    expect(values?.['density.fit']).toBe(24);
  }
});

const limitOf = (figures: Figures) =>
  JSON.stringify(densityFacts({ figures }).find(({ id }) => id === 'density.limit')?.value);

test('the estimate is by the memory of processes, or by the CPU or the threads where they end first', () => {
  const { figures } = of('idle runsc');
  const values = valuesOf(parseDensity({ figures }));
  const room = captured['idle runsc']['room.memory'].value;
  const byResident = 24 + Math.floor(room / (values['density.next_memory'] ?? Number.NaN));
  expect(values['density.fit_estimate']).toBe(byResident);
  expect(limitOf(figures)).toContain('memory');
  const source = 'ocibench';
  const onTwo = { ...figures, 'room.cpus': { value: 2, source } };
  const byCpu = 24 + Math.floor((1 - 0.501556482171226) / (values['density.next_cpu'] ?? Number.NaN));
  expect(valuesOf(parseDensity({ figures: onTwo }))['density.fit_estimate']).toBe(byCpu);
  expect(limitOf(onTwo)).toContain('CPU');
  const ofThreads = { ...onTwo, 'room.threads': { value: 100, source } };
  expect(valuesOf(parseDensity({ figures: ofThreads }))['density.fit_estimate']).toBe(26);
  expect(limitOf(ofThreads)).toContain('threads');
});

test('noise in the CPU time keeps its sign, so that no lucky part of it is left', () => {
  const { figures } = of('idle runc');
  expect(valuesOf(parseDensity({ figures }))['density.next_cpu']).toBeLessThan(0);
  const onTwo = { ...figures, 'room.cpus': { value: 2, source: 'ocibench' } };
  expect(limitOf(onTwo)).toContain('memory');
});

test('what depends on how far a trial came is not compared', () => {
  const better = Object.fromEntries(
    [...densityMetrics, ...answerMetrics].map((each) => [each.id, each.better]),
  );
  for (const id of ['fit', 'missed', 'fit_estimate', 'start_last', 'answer_last'])
    expect(better[`density.${id}`]).toBe('neither');
});

test('sandboxes with a load also tell how long an answer takes', () => {
  const values = valuesOf(loaded.parse({ ...of('loaded runsc') } as never, {}));
  expect(values['density.answer_first']).toBe(2_486_150);
  expect(values['density.answer_last']).toBeCloseTo(3_809_600, 0);
  expect(values['density.next_cpu']).toBeGreaterThan(0.01);
});

test('why it ended is a fact, with the words of the engine where a start failed', () => {
  expect(densityFacts(of('idle runsc')).map(({ id }) => id)).toEqual(['density.knee', 'density.limit']);
  const reason = recalled({ absent: 'no space left on device' }, 'absent');
  const figures = kneeFigures({ cause: 'failed', fit: 12, failure: reason });
  expect(kneeIn(figures)).toEqual({ cause: 'failed', fit: 12 });
  expect(densityFacts({ figures })).toContainEqual({
    id: 'density.failure',
    value: 'no space left on device',
  });
});

test('every cause survives the record', () => {
  for (const cause of causes) expect(kneeIn(kneeFigures({ cause, fit: 8 }))).toEqual({ cause, fit: 8 });
  const knee = { cause: 'cpu', fit: 8, missed: 12 } as const;
  expect(kneeIn(kneeFigures(knee))).toEqual(knee);
});

test('a trial that ended in its first step has no line, and says why it ended', () => {
  const [first] = stepsIn(of('idle runsc').figures);
  const figures = { ...figuresOf(first ?? { count: 4 }), ...kneeFigures({ cause: 'cpu', fit: 0 }) };
  expect(() => parseDensity({ figures })).toThrow(ParseError);
  expect(() => parseDensity({ figures })).toThrow('only one step of sandboxes, and a line needs 2: CPU');
  const trial = trialRecord({ cell: cell('runsc', 'density/idle', 'upTo=256'), figures });
  expect(effectiveTrials([trial], [idle])).toMatchObject([
    {
      outcome: { status: 'failed' },
      values: [{ metric: 'density.fit', value: 0 }],
      facts: [{ id: 'density.knee', value: causeWords.cpu }],
    },
  ]);
});

test('steps survive the record, and figures of a hostile record are no steps', () => {
  const steps: readonly Step[] = [
    { count: 4, resident: 10, cpu: 0 },
    { count: 128, resident: 300, answerP95: 2e6 },
  ];
  const figures = Object.assign({}, ...steps.map(figuresOf), {
    'step.4.__proto__': { value: 1, source: '' },
    'step.4.constructor': { value: 1, source: '' },
    'step.x.resident': { value: 1, source: '' },
    'step.12.resident': { absent: 'not read' },
  });
  expect(stepsIn(figures)).toEqual(steps);
});

const calm: Step = {
  count: 32,
  startMedian: 0.5e9,
  startP95: 0.6e9,
  engineStart: 1e8,
  cpu: 0.1,
  cpuPressure: 0.1,
  memoryPressure: 0,
  answerP95: 2e6,
  available: 3 * 2 ** 30,
};
const host = { cpus: 2, memory: 20 * 2 ** 30 };

test.each<readonly [string | null, Partial<Step>]>([
  [null, {}],
  // Slower, but not by as much as a user would notice.
  [null, { startP95: 0.95e9 }],
  ['starts', { startP95: 1.6e9 }],
  // Of fewer than twenty starts, the median.
  ['starts', { startP95: undefined, startMedian: 1.6e9 } as never],
  [null, { startP95: undefined, startMedian: 1.4e9 } as never],
  ['engine', { startP95: 1.6e9, engineStart: 3e8 }],
  ['cpu', { cpuPressure: 0.7, cpu: 1.4 }],
  // Others keep the host's CPUs busy.
  [null, { cpuPressure: 1, cpu: 0.4 }],
  ['stalls', { memoryPressure: 0.2, startP95: 9e9 }],
  // Others took the host's memory.
  [null, { memoryPressure: 0.2, available: 2 ** 30 }],
  ['answers', { answerP95: Number.POSITIVE_INFINITY }],
  ['answers', { answerP95: 30e6 }],
  [null, { answerP95: 15e6 }],
])('%s: after calm steps, the next has %j', (cause, changes) => {
  expect(missedBy([calm, { ...calm, count: 64, ...changes }], host)).toBe(cause);
});

test('what could not be read breaks nothing', () => {
  expect(missedBy([{ count: 4 }, { count: 8 }], host)).toBeNull();
  expect(missedBy([], host)).toBeNull();
  expect(missedBy([calm, { ...calm, memoryPressure: 1 }], { ...host, memory: null })).toBeNull();
});

test('few sandboxes are added in four steps, many in steps that grow', () => {
  expect([2, 4, 8, 16, 24, 32, 64, 256, 1024].map(stepSize)).toEqual([1, 2, 4, 4, 6, 8, 8, 32, 32]);
  const counts = [0];
  while ((counts.at(-1) ?? 0) < 1024) counts.push(nextCount(counts.at(-1) ?? 0, stepSize(1024), 1024));
  expect(counts).toEqual([0, 32, 64, 96, 128, 160, 200, 248, 308, 384, 480, 600, 748, 932, 1024]);
  // Two steps at the least make a line.
  for (let upTo = 2; upTo <= 600; upTo++) expect(Math.ceil(upTo / stepSize(upTo))).toBeGreaterThan(1);
});

test('answers count when their line arrives within the window; other output is ignored', () => {
  const reader = new AnswerReader();
  reader.add(0, Buffer.from('ready\nanswers 5\nanswers 1100 1'));
  reader.begin();
  reader.add(1, Buffer.from('answers 9\nanswers -4\nanswers 1e9\nanswers\n\u001b[31m\n'));
  reader.add(0, Buffer.from('200\n'));
  reader.add(7, Buffer.from('answers 3\n'));
  expect(reader.end(2, 2)).toEqual({ answersNs: [1_100_000, 1_200_000, 9_000], missing: 1 });
  reader.add(0, Buffer.from('answers 8\n'));
  reader.add(0, Buffer.from(`${'x'.repeat(10_000)}`));
  reader.begin();
  reader.add(0, Buffer.from('answers 7\n'));
  expect(reader.end(1, 1)).toEqual({ answersNs: [7_000], missing: 0 });
});

test('a silent sandbox is not made up for by the answers of others', () => {
  const reader = new AnswerReader();
  reader.begin();
  reader.add(0, Buffer.from(`answers${' 7'.repeat(100)}\n`));
  expect(reader.end(2, 10).missing).toBe(10);
});

test('a sandbox that prints more answers than the test asks for is a fault', () => {
  const reader = new AnswerReader();
  reader.begin();
  for (let line = 0; line < 6; line++) reader.add(0, Buffer.from(`answers${' 7'.repeat(100)}\n`));
  expect(() => reader.end(1, 10)).toThrow('more than 500 answers');
  reader.begin();
  expect(reader.end(1, 0)).toEqual({ answersNs: [], missing: 0 });
});

test('the main metric is the memory of one more', () => {
  expect(densityMetrics[0]).toMatchObject({ id: 'density.next_memory', better: 'lower', unit: 'bytes' });
});
