import { expect, test } from 'vitest';
import type { CgroupLayout } from '../../../../src/core/collect/cgroup/layout.ts';
import { figureParser } from '../../../../src/core/collect/cgroup/read.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { type CgroupFiles, valuesOf } from '../../../../src/core/metrics/figure.ts';
import { capturedFiles } from '../fixture-files.ts';

const nowhere: Omit<CgroupLayout, 'kind'> = { unified: null, v1: {}, mounts: [], controllers: [] };

test.each([
  { of: 'v1/runc-ended', layout: { kind: 'v1', ...nowhere } as const },
  { of: 'v2/runsc-ended', layout: { kind: 'v2', ...nowhere } as const },
])('of any files of $of, a series has the values that all figures have', ({ of, layout }) => {
  const [all, values] = [figureParser(layout), figureParser(layout, 'values')];
  const files = Object.entries(capturedFiles(of));
  const some: CgroupFiles[] = [
    Object.fromEntries(files),
    ...files.map(([name, file]) => ({ [name]: file })),
    ...files.map(([left]) => Object.fromEntries(files.filter(([name]) => name !== left))),
    ...files.map(([name]) => ({ ...Object.fromEntries(files), [name]: { missing: external('gone') } })),
    {},
  ];
  for (const each of some) expect(valuesOf(values(each, []))).toEqual(valuesOf(all(each, [])));
  expect(Object.keys(valuesOf(values(Object.fromEntries(files), []))).length).toBeGreaterThan(8);
  expect(values({}, [])).toEqual({});
});
