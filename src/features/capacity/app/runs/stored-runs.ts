import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { OcibenchError } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';

/** A run of a results directory, and where it was read: the directory may have another name. */
export interface PlacedRun {
  readonly run: RunRecord;
  readonly path: string;
}

/** The runs of a results directory that can be read, newest first; those of another version are left out. */
export async function storedRuns(
  { store }: Pick<AppContext, 'store'>,
  results: string,
): Promise<readonly PlacedRun[]> {
  const ids = await store.runIds(results);
  const runs = await Promise.all(
    ids.map(async (id) => {
      const path = join(results, id);
      const run = await orNull(store.readRun(path));
      return run === null ? null : { run, path };
    }),
  );
  return runs.filter((placed) => placed !== null);
}

/** The result; null where it cannot be read. */
async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof OcibenchError) return null;
    throw error;
  }
}

export const isFinished = ({ status }: RunRecord) => status === 'complete';
