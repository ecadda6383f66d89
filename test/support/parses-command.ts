import { loadCommands, program } from '../../src/cli/program.ts';

const commands = await loadCommands();

/** Gives words to the CLI's own parser, which runs nothing. Rejects where they are no command of it. */
export async function parsesCommand(words: readonly string[]): Promise<void> {
  const silent = () => undefined;
  const act = () => Promise.resolve();
  const made = program({ version: '0.0.0', lang: 'en', commands, act, writeOut: silent, writeErr: silent });
  await made.parseAsync(words, { from: 'user' });
}
