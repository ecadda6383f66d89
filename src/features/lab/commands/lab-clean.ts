import { defineCommand } from '../../../cli/command.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';

const words = messages('help.labClean', {
  summary: 'remove the cached disk, and what a killed lab left behind',
});

/** `ocibench lab clean` */
export const command = defineCommand({
  name: 'lab clean',
  order: 20.5,
  words: words.summary,
  async run({ app, terminal }) {
    const { cleanLab } = await import('../lab.ts');
    const removed = await cleanLab(app);
    const { removedLines } = await import('../../../cli/removed-text.ts');
    terminal.result(removedLines(removed.map(external), false, terminal.lang));
    return exitCodes.ok;
  },
});
