import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { HistoryFlags } from '../app/history/histories.ts';

const help = messages('help.historyShow', {
  summary: 'open alarms and the newest figure of each series; of named ones, all nights',
  series: 'words of the names of series, such as: runc startup/echo',
});
const words = messages('history.said', {
  noAlarm: 'no open alarm',
  nothing: 'there is no figure in {directory} yet',
});

/** `ocibench history show [SERIES]` */
export const command = defineCommand<HistoryFlags & { readonly json?: boolean }>({
  name: 'history show',
  order: 76,
  words: help.summary,
  arguments: [{ name: '[series...]', words: help.series }],
  options: [historyOption, options.out, options.forPrograms],
  async run({ app, terminal }, flags, named) {
    const { loadHistory, openAlarms, seriesOf } = await import('../app/history/histories.ts');
    const { alarmText, printHeadlines, printSeries } = await import('../app/history/text.ts');
    const { directory, history } = await loadHistory(app, flags);
    const series = seriesOf(history, named.join(' '));
    const alarms = openAlarms(history);
    if (flags.json) {
      terminal.json({ alarms, series: Object.fromEntries(series) }, 1);
      return exitCodes.ok;
    }
    if (series.size === 0) terminal.result(terminal.say(words.nothing({ directory })));
    else if (named.length === 0) {
      printHeadlines(
        terminal,
        [...series.values()].flatMap((lines) => lines.findLast(({ stage }) => stage === 'night') ?? []),
      );
      const said = alarms.map((alarm) => alarmText(terminal, alarm));
      terminal.result(said.length === 0 ? terminal.say(words.noAlarm) : said.join('\n'));
    } else
      for (const [name, lines] of series) {
        terminal.result(`\n${terminal.say(external(name))}`);
        printSeries(terminal, lines);
      }
    return exitCodes.ok;
  },
});
