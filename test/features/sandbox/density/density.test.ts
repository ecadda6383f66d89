import { expect, test } from 'vitest';
import { recalled } from '../../../../src/core/messages/record.ts';
import type { Figure } from '../../../../src/core/model/trial.ts';
import { ParseError } from '../../../../src/core/model/workload.ts';
import { AnswerReader } from '../../../../src/features/sandbox/density/answers.ts';
import { causes, kneeFigures, kneeIn, missedBy } from '../../../../src/features/sandbox/density/knee.ts';
import { figuresOf, type Step, stepsIn } from '../../../../src/features/sandbox/density/step.ts';
import {
  densityFacts,
  densityMetrics,
  parseDensity,
  stepSize,
} from '../../../../src/features/sandbox/density/workload.ts';
import loaded from '../../../../src/features/sandbox/workloads/density/loaded.ts';
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

test('the estimate leaves out MemAvailable where other work on the host changed it', () => {
  const values = valuesOf(parseDensity(of('idle runc')));
  const room = captured['idle runc']['room.memory'].value;
  const byResident = Math.floor(24 + room / (values['density.next_memory'] ?? Number.NaN));
  expect(values['density.fit_estimate']).toBe(byResident);
});

test('sandboxes with a load also tell how long an answer takes', () => {
  const values = valuesOf(loaded.parse({ ...of('loaded runsc') } as never, {}));
  expect(values['density.answer_last']).toBeGreaterThan(1e6);
  expect(values['density.next_cpu']).toBeGreaterThan(0.01);
});

test('why it ended is a fact, with the words of the engine where a start failed', () => {
  expect(densityFacts(of('idle runsc')).map(({ id }) => id)).toEqual(['density.knee']);
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
});

test('a trial that ended in its first step has no line, and says why it ended', () => {
  const [first] = stepsIn(of('idle runsc').figures);
  const figures = { ...figuresOf(first ?? { count: 4 }), ...kneeFigures({ cause: 'cpu', fit: 0 }) };
  expect(() => parseDensity({ figures })).toThrow(ParseError);
  expect(() => parseDensity({ figures })).toThrow('CPU');
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
  ...{ count: 32, startMedian: 0.5e9, startP95: 0.6e9, engineStart: 1e8, cpu: 0.1 },
  ...{ cpuPressure: 0.1, memoryPressure: 0, answerP95: 2e6 },
};

test.each<readonly [string | null, Partial<Step>]>([
  [null, {}],
  // Slower, but not by as much as a user would notice.
  [null, { startP95: 0.95e9 }],
  ['starts', { startP95: 1.6e9 }],
  ['engine', { startP95: 1.6e9, engineStart: 3e8 }],
  ['cpu', { cpuPressure: 0.7, cpu: 1.4 }],
  // Others keep the host's CPUs busy.
  [null, { cpuPressure: 1, cpu: 0.4 }],
  ['stalls', { memoryPressure: 0.2, startP95: 9e9 }],
  ['answers', { answerP95: 30e6 }],
  [null, { answerP95: 15e6 }],
])('%s: after calm steps, the next has %j', (cause, changes) => {
  expect(missedBy([calm, { ...calm, count: 64, ...changes }], 2)?.cause ?? null).toBe(cause);
});

test('what could not be read breaks nothing', () => {
  expect(missedBy([{ count: 4 }, { count: 8 }], 2)).toBeNull();
  expect(missedBy([], 2)).toBeNull();
});

test('few sandboxes are added in four steps, many in eight', () => {
  expect([24, 32, 256].map(stepSize)).toEqual([6, 8, 32]);
});

test('answers count when their line arrives; other output is ignored', () => {
  let now = 0n;
  const reader = new AnswerReader(() => now);
  reader.add(0, Buffer.from('ready\nanswers 1100 1'));
  now = 10n;
  reader.add(1, Buffer.from('answers 9\nanswers -4\nanswers 1e9\nanswers\n\u001b[31m\n'));
  reader.add(0, Buffer.from('200\n'));
  now = 20n;
  reader.add(0, Buffer.from(`${'x'.repeat(10_000)}`));
  reader.add(0, Buffer.from('answers 7\n'));
  expect(reader.between(0n, 15n)).toEqual([9_000, 1_100_000, 1_200_000]);
  expect(reader.between(11n, 30n)).toEqual([7_000]);
});

test('the main metric is the memory of one more', () => {
  expect(densityMetrics[0]).toMatchObject({ id: 'density.next_memory', better: 'lower', unit: 'bytes' });
});
