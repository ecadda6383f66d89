import { readPlainFile } from '../../../core/files/plain-file.ts';

/** The last lines of a log, without empty ones; none where it cannot be read. */
export async function lastLines(file: string, count: number): Promise<readonly string[]> {
  const text = await readPlainFile(file, { followLinks: false }).then(
    (bytes) => bytes.toString('utf8'),
    () => '',
  );
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
