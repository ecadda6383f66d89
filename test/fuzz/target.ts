import fc from 'fast-check';
import { OcibenchError, type Problem } from '../../src/core/model/failure/error.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';

/** What a case came to. Anything else that happens is a failure. */
export type Ending = 'result' | 'refused';

/** A reader of something that others write. */
export interface FuzzTarget {
  readonly name: string;
  /** How many cases it gets for one of the others: less where a case takes long. */
  readonly weight: number;
  /** Runs so many cases; stops at the first that breaks a promise. */
  run(cases: number, seed: number): Promise<FuzzOutcome>;
}

interface FuzzOutcome {
  readonly name: string;
  readonly endings: Readonly<Record<Ending, number>>;
  /** CPU time of the slowest case. */
  readonly slowestMs: number;
  /** The smallest case that was found, and what it did; null where every promise was kept. */
  readonly failure: string | null;
}

/**
 * What a case may take: many times what the slowest sound one does. CPU and not time, which depends on what else runs; memory as
 * the growth of the greatest that the process ever had.
 */
const most = { cpuMs: 20_000, grownMiB: 1_024 };

/**
 * A target out of cases and what is done with one; `handle` throws where a promise is broken. `slow`: a failing case is
 * shown as it is and not made smaller, which would take hundreds of further ones.
 */
export function target<T>(
  name: string,
  cases: fc.Arbitrary<T>,
  handle: (input: T) => Ending | Promise<Ending>,
  { weight = 1, slow = false }: { readonly weight?: number; readonly slow?: boolean } = {},
): FuzzTarget {
  return {
    name,
    weight,
    async run(count, seed) {
      const endings: Record<Ending, number> = { result: 0, refused: 0 };
      let slowestMs = 0;
      const property = fc.asyncProperty(cases, async (input) => {
        const [begin, peak] = [process.threadCpuUsage(), process.resourceUsage().maxRSS];
        const ending = await handle(input);
        endings[ending] += 1;
        const { user, system } = process.threadCpuUsage(begin);
        const cpuMs = (user + system) / 1_000;
        slowestMs = Math.max(slowestMs, cpuMs);
        const grownMiB = (process.resourceUsage().maxRSS - peak) / 1_024;
        if (cpuMs > most.cpuMs) throw new Error(`it took ${(cpuMs / 1_000).toFixed(1)} s of CPU`);
        if (grownMiB > most.grownMiB) throw new Error(`it took ${grownMiB.toFixed(0)} MiB of memory`);
      });
      const numRuns = Math.max(1, Math.round(count * weight));
      const report = await fc.check(property, { numRuns, seed, endOnFailure: slow });
      const failure = report.failed ? describe(report) : null;
      return { name, endings, slowestMs, failure };
    },
  };
}

/** The case that was found, and where it broke. */
function describe<T>(report: fc.RunDetails<[input: T]>): string {
  const { counterexample, errorInstance, seed, counterexamplePath } = report;
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance);
  const lines = error.split('\n').slice(0, 6);
  return [
    `seed ${seed}, path ${counterexamplePath}`,
    fc.stringify(counterexample).slice(0, 2_000),
    ...lines,
  ].join('\n');
}

/** Every problem says where: the file, and the key or the position in it; and what to do. */
export function refusedWith(problems: readonly Problem[]): Ending {
  if (problems.length === 0) throw new Error('refused without a problem');
  for (const { file, message, fix } of problems)
    if (file === '' || message === '' || fix === '')
      throw new Error(`a problem that says nothing: ${message}`);
  return 'refused';
}

/** Runs what may refuse its input by an OcibenchError; every other exception goes on. */
export async function refusing(work: () => unknown): Promise<Ending> {
  try {
    await work();
    return 'result';
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    return refusedWith(error.problems);
  }
}

/** The same for a parser of tool output. */
export function parsing(work: () => void): Ending {
  try {
    work();
    return 'result';
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    if (error.message === '' || error.message.length > 1_000)
      throw new Error(`a ParseError of ${error.message.length} characters`);
    return 'refused';
  }
}

/** Throws where NaN or an infinity is anywhere in a value. */
export function assertFinite(value: unknown, path = ''): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
  if (value instanceof Map) {
    for (const [key, inner] of value) assertFinite(inner, `${path}.${String(key)}`);
    return;
  }
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) assertFinite(inner, `${path}.${key}`);
}
