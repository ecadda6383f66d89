import type { Reason } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/error.ts';

/** An error of a key, in an input whose file the caller knows. */
export interface Complaint {
  readonly key: string;
  readonly reason: Reason;
}

/** Convert complaints to problems of a file; `prefix` precedes their keys. */
export function problemsIn(file: string, complaints: readonly Complaint[], prefix = ''): readonly Problem[] {
  return complaints.map(({ key, reason }) => problemOf({ file, key: `${prefix}${key}` }, reason));
}
