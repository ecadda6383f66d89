/** Marks of the trial around the call that copies files. */
export const transferMarks = { begin: 'transfer-begin', end: 'transfer-end' } as const;

/** Bytes of each file, by the number of files: one large one, or many small ones. */
export function bytesOfEach(files: number): number {
  return files === 1 ? 16 * 2 ** 20 : 4096;
}
