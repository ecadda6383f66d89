import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Commented, commentsOf, wordsOf } from '../../scripts/field-comments.ts';
import { slugOf } from '../../scripts/slug.ts';
import { SourceModule } from '../../scripts/source-module.ts';

const directory = mkdtempSync(join(tmpdir(), 'field-comments-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

writeFileSync(
  join(directory, 'part.ts'),
  `import * as z from 'zod';
/** A part. */
export const partSchema = z.object({
  /** Its number, see {@link other}. */
  number: z.number(),
});
const bounds = {
  /** Lower end. */
  low: z.number(),
};
`,
);
writeFileSync(
  join(directory, 'whole.ts'),
  `import * as z from 'zod';
import { partSchema } from './part.ts';
const bounds = {
  /** Lower end. */
  low: z.number(),
};
/**
 * A whole, in
 * two lines.
 *
 * - \`a\`: one
 * - \`b\`: two
 */
export const wholeSchema = partSchema.extend({
  part: partSchema.nullable().optional(),
  /** Many of them. */
  many: z.array(partSchema).default([]),
  named: z.record(z.string(), z.object({ /** Deep. */ deep: z.string() })),
  either: z.union([z.string(), z.object({
    /** In a choice. */
    chosen: z.number(),
  })]),
  // No documentation.
  bare: z.string(),
  runtime: z.string(),
  ...bounds,
});
`,
);
const whole = commentsOf(SourceModule.load(join(directory, 'whole.ts')), 'wholeSchema');
const field = (name: string): Commented => whole.fields.get(name) ?? { fields: new Map() };

test('a field has the comment above it, else that of its schema', () => {
  expect(wordsOf(field('many'))).toBe('Many of them.');
  expect(wordsOf(field('part'))).toBe('A part.');
  expect(wordsOf(field('bare'))).toBeUndefined();
});

test('fields are found in what a schema extends, spreads, lists, maps and chooses from', () => {
  expect(wordsOf(field('number'))).toBe('Its number, see `other`.');
  expect(wordsOf(field('low'))).toBe('Lower end.');
  expect(field('many').item?.fields.get('number')?.own).toContain('Its number');
  expect(field('named').item?.fields.get('deep')?.own).toBe('Deep.');
  expect(field('either').options?.[1]?.fields.get('chosen')?.own).toBe('In a choice.');
});

test('what identifies a cell is explained once, for every record', () => {
  expect(wordsOf(field('runtime'))).toContain('daemon.json');
});

test('lines of a paragraph are joined, items of a list are not', () => {
  expect(whole.declared).toBe('A whole, in two lines.\n\n- `a`: one\n- `b`: two');
});

test.each([
  ['What it means under gVisor', 'what-it-means-under-gvisor'],
  ['analysis.json: rows[].needs', 'analysisjson-rowsneeds'],
  ['`startup/echo`: Start, print', 'startupecho-start-print'],
  ['Modèle : où ?', 'modèle--où-'],
])('%s is at #%s', (heading, slug) => {
  expect(slugOf(heading)).toBe(slug);
});
