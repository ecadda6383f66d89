import { OcibenchError, type Problem } from '../../../core/model/failure/error.ts';

/** The result; null if it throws problems, which are collected to be said with the others. */
export async function orProblems<T>(problems: Problem[], make: () => T | Promise<T>): Promise<T | null> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof OcibenchError) || error.problems.length === 0) throw error;
    problems.push(...error.problems);
    return null;
  }
}
