import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines } from '../log-end.ts';
import { attemptFiles, attemptName } from './job-script.ts';

/** The newest attempt of a job. */
export interface Attempt {
  readonly directory: string;
  /** What its program ended with; null where it has not ended, or was killed. */
  readonly exitCode: number | null;
}

/** Reads the newest attempt of a job below `out`; null where none is there. */
export async function newestAttempt(out: string, host: string, job: string): Promise<Attempt | null> {
  const names = await readdir(join(out, host)).catch(() => []);
  const restarts = names.flatMap((name) => {
    const [, id, restart] = /^job-(\d+)-(\d+)$/.exec(name) ?? [];
    return id === job ? [Number(restart)] : [];
  });
  if (restarts.length === 0) return null;
  const directory = join(out, host, attemptName(job, Math.max(...restarts)));
  const [text = ''] = await lastLines(join(directory, attemptFiles.exit), 1);
  const exitCode = /^\d{1,3}$/.test(text.trim()) ? Number(text) : null;
  return { directory, exitCode };
}
