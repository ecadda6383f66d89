import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Directory of what the files of one run of the tests share; `vitest.config.ts` names it, the reporter removes it. */
export function sharedDirectory(): string {
  const directory = process.env.OCIBENCH_SHARED;
  if (directory === undefined) throw new Error('OCIBENCH_SHARED is not set: see vitest.config.ts');
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  // Its name can be guessed, and what is in it is executed.
  if (lstatSync(directory).uid !== process.getuid?.()) throw new Error(`${directory} is somebody else's`);
  return directory;
}

/** How long a file waits for what another one makes, ms. */
const limitMs = 30 * 60_000;

/** What several files look at: made by the first of them that asks for it, while the others wait. JSON holds it. */
export async function makeShared<T>(name: string, make: () => Promise<T>): Promise<T> {
  const record = join(sharedDirectory(), `${name}.json`);
  const isFirst = await mkdir(`${record}.lock`).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    const made: Made<T> = await make().then(
      (value) => ({ value }),
      (error: unknown) => ({ error: String(error instanceof Error ? error.stack : error) }),
    );
    await writeFile(`${record}.tmp`, JSON.stringify(made));
    await rename(`${record}.tmp`, record);
  }
  for (const until = performance.now() + limitMs; !existsSync(record); await sleep(100))
    if (performance.now() > until) throw new Error(`${name} was not made within ${limitMs / 60_000} minutes`);
  const made = JSON.parse(await readFile(record, 'utf8')) as Made<T>;
  if ('error' in made) throw new Error(`${name}: ${made.error}`);
  return made.value;
}

type Made<T> = { readonly value: T } | { readonly error: string };
