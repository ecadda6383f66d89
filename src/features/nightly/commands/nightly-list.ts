import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { HistoryFlags } from '../app/history/histories.ts';

const help = messages('help.historyList', {
  summary: 'list the nights, and say why a night was not measured',
});
const words = messages('history.said', { empty: '{directory} has no nights yet' });

/** `ocibench nightly list` */
export const command = defineCommand<HistoryFlags & { readonly json?: boolean }>({
  name: 'nightly list',
  order: 50.06,
  words: help.summary,
  options: [historyOption, options.historyIn, options.forPrograms],
  async run({ app, terminal }, flags) {
    const { loadHistory } = await import('../app/history/histories.ts');
    const { printNights } = await import('../app/history/text.ts');
    const { directory, history } = await loadHistory(app, flags);
    if (flags.json) terminal.json(history.nights, 1);
    else if (history.nights.length === 0) terminal.result(terminal.say(words.empty({ directory })));
    else printNights(terminal, history.nights);
    return exitCodes.ok;
  },
});
