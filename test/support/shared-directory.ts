import { lstatSync, mkdirSync } from 'node:fs';

/** Directory of what the files of one run of the tests share; `vitest.config.ts` names it, the reporter removes it. */
export function sharedDirectory(): string {
  const directory = process.env.OCIBENCH_SHARED;
  if (directory === undefined) throw new Error('OCIBENCH_SHARED is not set: see vitest.config.ts');
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  // Its name can be guessed, and what is in it is executed.
  if (lstatSync(directory).uid !== process.getuid?.()) throw new Error(`${directory} is somebody else's`);
  return directory;
}
