import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { loadCommands } from '../program.ts';

const words = messages('help.complete', {
  summary: 'what may follow these words, for the scripts of `@(completion)`',
  words: 'the command line so far, after --; the last word is unfinished',
});

/** `ocibench complete -- WORDS`; hidden, because only the shells' scripts call it. */
export const command = defineCommand({
  name: 'complete',
  order: 121,
  hidden: true,
  words: words.summary,
  arguments: [{ name: '[words...]', words: words.words }],
  async answer({ environment, terminal }, typed) {
    const { complete } = await import('../completion.ts');
    await complete(await loadCommands(), typed, {
      // A shell does not show errors during completion.
      async namesOf(kind) {
        const { completableNames } = await import('../../app/completable.ts');
        return completableNames(environment, kind).catch(() => []);
      },
      lang: terminal.lang,
      print: terminal.result,
    });
    return exitCodes.ok;
  },
});
