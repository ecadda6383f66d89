import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

// Files are never writable by other users, also where the parent process has umask 000 (some CI).
process.umask(process.umask() | 0o022);
// Ignore EPIPE and EIO: losing the reader (`ocibench list | head`) or the terminal must not end a run.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });

const { version } = JSON.parse(readFileSync(findPackageJSON(import.meta.url) ?? '', 'utf8')) as {
  version: string;
};
const words = process.argv.slice(2);
const [first = '', ...others] = words;
// What other programs ask first. To load the commands takes several times as long as Node itself.
if (others.length === 0 && ['--version', '-V', '-v', 'version'].includes(first))
  process.stdout.write(`${version}\n`);
else {
  const { main } = await import('./cli/main.ts');
  const variables = { ...process.env };
  // It names this process, and none that this one starts.
  delete process.env.OCIBENCH_COMMAND;
  const exitCode = await main({ words, version, streams: process, variables });
  // Writes to a pipe are asynchronous: exiting would lose pending output.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  process.exit(exitCode);
}
