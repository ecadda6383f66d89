import { describe, expect, test } from 'vitest';
import type { Why } from '../../../../src/features/capacity/predict/why.ts';
import { charts } from '../../../../src/report/charts/index.ts';
import { drawn, layers, suite, type Value, values } from '../../../report/charts/drawn.ts';
import { explained, why } from '../../../report/why-example.ts';

const shown = (of: Why = why) => drawn('why', { ...suite, added: { why: of } }).spec;
const panels = (of: Why = why) => shown(of).concat as Value[];
const titleOf = (panel: Value) => [(panel.title as { text: string | string[] }).text].flat().join(' ');

describe('waterfalls', () => {
  test('only runtimes with a kernel of their own; of each application the dearest parameters first', () => {
    expect(panels().map(titleOf)).toEqual([
      'app/redis op=get, pipeline=1 under runsc',
      'app/tar op=gzip under runsc',
      'app/openssl algorithm=sha256 under runsc',
      'app/redis op=get, pipeline=16 under runsc',
    ]);
  });

  test('each bar begins where the one above ends, from the native time to the runtime’s own', () => {
    for (const panel of panels()) {
      const steps = values(panel);
      expect(steps[0]).toMatchObject({ kind: 'begin', step: 'runc', from: 0, to: 1 });
      expect(steps.at(-1)).toMatchObject({ kind: 'end', step: 'runsc', from: 0 });
      const between = steps.slice(1, -1);
      let at = 1;
      for (const step of between) {
        expect(step.from).toBeCloseTo(at, 2);
        at = Number(step.to);
      }
      expect(at).toBeCloseTo(Number(steps.at(-1)?.to), 2);
    }
  });

  test('the rest is shown, also where too much is explained; small causes are one bar', () => {
    const [redis = {}, , , piped = {}] = panels();
    const kinds = (panel: Value) => values(panel).map(({ kind }) => kind);
    expect(kinds(redis)).toEqual([
      'begin',
      'more',
      'more',
      'more',
      'more',
      'more',
      'less',
      'more',
      'rest',
      'end',
    ]);
    const rest = (panel: Value) => values(panel).find(({ kind }) => kind === 'rest');
    expect(rest(redis)).toMatchObject({ step: 'unexplained rest' });
    expect(Number(rest(redis)?.to)).toBeGreaterThan(Number(rest(redis)?.from));
    expect(Number(rest(piped)?.to)).toBeLessThan(Number(rest(piped)?.from));
    expect(rest(piped)?.label).toMatch(/^−/);
    expect(values(redis).map(({ step }) => step)).toContain('3 other causes');
  });

  test('a tip says how often and what one costs', () => {
    const tips = values(panels()[0]).map(({ tip }) => String(tip));
    expect(tips.find((tip) => tip.includes('files opened'))).toContain(
      '3.25 of 12.3 µs for each unit of work',
    );
    expect(layers(panels()[0] ?? {}).length).toBe(3);
  });

  test('many are several pictures, and the caption says how many there are', () => {
    const many = Array.from({ length: 20 }, (_, i) => explained(`app/a${i}`, '', { times: 1 + i / 10 }));
    const all = charts({ ...suite, added: { why: { ...why, explained: many } }, lang: 'en' });
    const found = all.filter(({ id }) => id.startsWith('why'));
    expect(found.map(({ id }) => id)).toEqual(['why', 'why-2']);
    for (const chart of found) expect('caption' in chart && chart.caption).toContain('12 of 20');
  });

  test('nothing that is explained, no picture and no reason', () => {
    for (const of of [null, { ...why, explained: [] }])
      expect(charts({ ...suite, added: { why: of }, lang: 'en' }).filter(({ id }) => id === 'why')).toEqual(
        [],
      );
  });
});
