import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** A test that may be skipped, and why. */
const entrySchema = z.strictObject({
  /** Path of the test file, from the root of the repository. */
  file: z.string().min(1),
  /** The test's own name; every test of the file where it is absent. */
  test: z.string().min(1).optional(),
  reason: z.string().min(1),
  /** Whether it is skipped depends on the machine or on what changed: the entry is not stale when the test runs. */
  sometimes: z.literal(true).optional(),
});
export type AllowedSkip = z.infer<typeof entrySchema>;

/** What became of one test. */
export interface TestEnd {
  readonly file: string;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
}

/** Reads a list of allowed skips. Throws where it is not one. */
export function readAllowedSkips(path: string): readonly AllowedSkip[] {
  return z.array(entrySchema).parse(JSON.parse(readFileSync(path, 'utf8')));
}

/**
 * What is wrong with the skipped tests of a run, one line each: a skip that the list does not name, and an entry that names
 * no skipped test any more. An entry for a file that was not part of the run says nothing, unless the file is gone.
 */
export function skipProblems(
  allowed: readonly AllowedSkip[],
  ends: readonly TestEnd[],
  exists: (file: string) => boolean = existsSync,
): readonly string[] {
  const names = (entry: AllowedSkip, end: TestEnd) =>
    entry.file === end.file && (entry.test === undefined || entry.test === end.name);
  const skipped = ends.filter(({ state }) => state === 'skipped');
  const unnamed = skipped.filter((end) => !allowed.some((entry) => names(entry, end)));
  const stale = allowed.filter((entry) => {
    if (!exists(entry.file)) return true;
    if (!ends.some(({ file }) => file === entry.file)) return false;
    const own = ends.filter((end) => names(entry, end));
    return own.length === 0 || (entry.sometimes !== true && own.every(({ state }) => state !== 'skipped'));
  });
  return [
    ...unnamed.map(({ file, name }) => `skipped, but not on the list: ${file}: ${name}`),
    ...stale.map(({ file, test }) => `on the list, but not skipped: ${file}: ${test ?? 'every test'}`),
  ];
}
