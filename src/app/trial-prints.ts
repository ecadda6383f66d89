import { createHash } from 'node:crypto';
import type { TrialRecord } from '../core/model/trial/trial.ts';

/** Minimum number of instants for a fingerprint: fewer can be equal by chance. */
const fewMarks = 4;

/**
 * Fingerprint of a trial by its instants, which no two measurements share. Shortened so that those of a class fit into memory;
 * empty if there are too few.
 */
export function fingerprintTrial({
  marks,
  iterationNs,
}: Pick<TrialRecord, 'marks' | 'iterationNs'>): readonly string[] {
  if (iterationNs === null || marks.length < fewMarks) return [];
  const print = [iterationNs, ...marks.map(({ atNs }) => atNs)].join(' ');
  return [createHash('sha256').update(print).digest('base64').slice(0, 16)];
}
