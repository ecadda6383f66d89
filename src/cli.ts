#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from './cli/main.ts';

/** package.json lies one level above src/, and two above dist/src/. */
function packageFile(): URL {
  const built = import.meta.url.includes('/dist/src/');
  return new URL(built ? '../../package.json' : '../package.json', import.meta.url);
}

// What is written is never for others to change, whatever they were that started this (some CI has umask 000).
process.umask(process.umask() | 0o022);
// Losing the reader (`ocibench list | head`) or the terminal (EIO) must not end a run: what is written then is dropped.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });

const { version } = JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string };
const exitCode = await main({
  words: process.argv.slice(2),
  version,
  streams: process,
  variables: process.env,
});
// A pipe takes what is written to it in its own time; what is still on its way would be lost with the process.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
process.exit(exitCode);
