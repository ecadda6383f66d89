import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupFiles } from '../../../src/core/metrics/figure.ts';
import type { Figure } from '../../../src/core/model/trial/trial.ts';

export const fixtures = join(import.meta.dirname, '../../fixtures');

/** A directory of captured cgroup files as the readers hand them to the parsers. */
export function capturedFiles(dir: string): CgroupFiles {
  const from = join(fixtures, 'cgroup', dir);
  return Object.fromEntries(
    readdirSync(from).map((name) => [name, { text: readFileSync(join(from, name), 'utf8') }]),
  );
}

export function fixture(...path: readonly string[]): string {
  return readFileSync(join(fixtures, ...path), 'utf8');
}

/** The value, or the reason as text: what a test compares. */
export function plain(figure: Figure | undefined): number | string {
  if (figure === undefined) return 'not there at all';
  return 'value' in figure ? figure.value : figure.absent;
}
