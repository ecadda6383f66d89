import { expect, test } from 'vitest';
import { layerWarnings } from '../../../src/app/measure/left-out.ts';
import type { Layer } from '../../../src/core/model/trial/cell.ts';
import { lineWorkload } from '../../support/records.ts';

const subjects = (...ids: readonly string[]) => ids.map((id) => ({ workload: lineWorkload(id), params: {} }));
const said = (of: ReturnType<typeof subjects>, layers: Layer[], duet?: true) =>
  layerWarnings(of, { layers, ...(duet ? { duet } : {}) }).map(({ text }) => text);

test('what cannot be started without a runtime is named once, whatever the layers beside', () => {
  expect(said(subjects('startup/a', 'io/b', 'cpu/c'), ['docker', 'oci', 'floor'])).toEqual([
    'the layer floor leaves out io/b and cpu/c: it can only start a program of the image base that prints and ends, as in startup/echo',
  ]);
  const many = subjects('startup/a', ...Array.from({ length: 9 }, (_, i) => `io/${i}`));
  expect(said(many, ['floor'])[0]).toContain('leaves out io/0, io/1, io/2, io/3 and 5 more: ');
});

test('nothing is said where nothing is left out', () => {
  expect(said(subjects('startup/a'), ['docker', 'floor'])).toEqual([]);
  expect(said(subjects('io/a'), ['docker', 'oci'])).toEqual([]);
});

test('a run of nothing is refused, and so is a duet of tools alone', () => {
  expect(() => said(subjects('io/a'), ['floor'])).toThrow('nothing is left to measure');
  expect(() => said(subjects('startup/a'), ['floor'], true)).toThrow('nothing is left to measure');
  expect(said(subjects('startup/a'), ['docker', 'floor'], true)).toEqual([
    'the layer floor is left out: its tools are not measured in duets',
  ]);
});
