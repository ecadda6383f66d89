import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { bmf } from '../../../../../src/features/nightly/history/exports/bmf.ts';
import { headlineLine, nightLine } from '../../../../support/history-lines.ts';
import { contentOf, day, hostile, nights, sourceOf } from './history.ts';

/** Bencher's schema (https://bencher.dev/bmf.json), made closed, and with the lengths that its documents give. */
const validate = new Ajv().compile({
  type: 'object',
  minProperties: 1,
  propertyNames: { minLength: 1, maxLength: 1024 },
  additionalProperties: {
    type: 'object',
    minProperties: 1,
    propertyNames: { minLength: 1, maxLength: 64 },
    additionalProperties: {
      type: 'object',
      required: ['value'],
      additionalProperties: false,
      properties: {
        value: { type: 'number' },
        lower_value: { type: 'number' },
        upper_value: { type: 'number' },
      },
    },
  },
});

function metricsOf(text: string) {
  const value = JSON.parse(text);
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  return value;
}

test('a figure has its interval as bounds', () => {
  const { series } = headlineLine(day(0));
  const value = { against: 'none', series: 'runc-pin startup/echo startup.total', estimate: 2e8 } as const;
  const metrics = metricsOf(contentOf(bmf(sourceOf(nights(2, [{}, value])))));
  const { value: estimate, lower_value: low, upper_value: high } = metrics[series]['startup.total ratio'];
  expect(low).toBeLessThan(estimate);
  expect(high).toBeGreaterThan(estimate);
  expect(Object.keys(metrics[value.series])).toEqual(['startup.total (ns)']);
});

test('without an interval there are no bounds', () => {
  const lines = [headlineLine(day(0), { low: null, high: null }), nightLine(day(0))];
  expect(Object.values(metricsOf(contentOf(bmf(sourceOf(lines)))))).toEqual([
    { 'startup.total ratio': { value: 1 } },
  ]);
});

test('names are as long as Bencher takes them, and every figure is there', () => {
  const long = { series: 'x'.repeat(3000), metric: 'y'.repeat(300) };
  const lines = nights(1, [long, ...hostile.map((series) => ({ series, metric: series }))]);
  expect(Object.keys(metricsOf(contentOf(bmf(sourceOf(lines)))))).toHaveLength(hostile.length + 1);
});

test('a night that measured nothing has no file', () => {
  const skipped = nightLine(day(20), { run: null, status: 'skipped', headlines: 0 });
  expect(bmf(sourceOf([...nights(3), skipped])).files).toEqual([{ name: 'bmf.json', content: null }]);
});
