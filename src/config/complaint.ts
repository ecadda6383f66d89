import type { Reason } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/error.ts';

/** What is wrong with a key of an input whose file is known elsewhere. */
export interface Complaint {
  readonly key: string;
  readonly reason: Reason;
}

/** Complaints about a file; `prefix` stands before their keys. */
export function problemsIn(file: string, complaints: readonly Complaint[], prefix = ''): readonly Problem[] {
  return complaints.map(({ key, reason }) => problemOf({ file, key: `${prefix}${key}` }, reason));
}
