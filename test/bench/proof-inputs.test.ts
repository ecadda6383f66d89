import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { recordedInputs } from '../../bench/prove/recorded-inputs.ts';
import { quick, standard, testsOf } from '../../bench/prove/reference-shape.ts';
import { subjectName } from '../../bench/prove/shape.ts';

test('the proofs simulate the tests of the presets, all of them and no other', () => {
  for (const [shape, preset] of [
    [quick, 'quick'],
    [standard, 'standard'],
  ] as const)
    expect(new Set(shape.subjects.map(subjectName))).toEqual(testsOf(preset));
});

test('their costs and noise are those of the published reference run (npm run prove:inputs writes them anew)', async () => {
  const place = resolve(import.meta.dirname, '../../bench/prove/inputs');
  for (const [name, text] of Object.entries(await recordedInputs()))
    expect(readFileSync(join(place, `${name}.csv`), 'utf8')).toBe(text);
});
