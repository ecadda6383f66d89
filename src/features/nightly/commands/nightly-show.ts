import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { translate } from '../../../core/messages/translate.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { HistoryFlags } from '../app/history/histories.ts';

const help = messages('help.historyShow', {
  summary: 'show open alarms, changes and the smallest detectable change; or the named series',
  all: 'also show the newest figure of every series',
  series: 'words to look for in the names of series, e.g. runc startup/echo',
});
const words = messages('history.said', {
  every: 'all series:  @(nightly show --all)',
  nothing: '{directory} has no figures yet',
});

/** `ocibench nightly show [SERIES]` */
export const command = defineCommand<HistoryFlags & { readonly json?: boolean; readonly all?: boolean }>({
  name: 'nightly show',
  order: 50.07,
  words: help.summary,
  arguments: [{ name: '[series...]', words: help.series }],
  options: [{ flags: '--all', words: help.all }, historyOption, options.historyIn, options.forPrograms],
  async run({ app, terminal }, flags, named) {
    const { loadHistory, seriesOf } = await import('../app/history/histories.ts');
    const { printAnswer, printHeadlines, printSeries } = await import('../app/history/text.ts');
    const { directory, history } = await loadHistory(app, flags);
    const series = seriesOf(history, named.join(' '));
    if (flags.json) {
      const { historyAnswer, hostsOf } = await import('../history/answer.ts');
      const { openAlarms } = await import('../history/recorded-series.ts');
      const answers = hostsOf(history).map((host) => {
        const { ground, states, findable } = historyAnswer(history, host);
        return { host, ground, states, findable: Object.fromEntries(findable) };
      });
      terminal.json({ alarms: openAlarms(history), hosts: answers, series: Object.fromEntries(series) }, 1);
      return exitCodes.ok;
    }
    if (series.size === 0) terminal.result(terminal.say(words.nothing({ directory })));
    else if (named.length === 0) {
      if (flags.all)
        printHeadlines(
          terminal,
          [...series.values()].flatMap((lines) => lines.findLast(({ stage }) => stage === 'night') ?? []),
        );
      printAnswer(terminal, history);
      if (!flags.all) terminal.result(terminal.say(words.every));
    } else {
      const { findableText, historyAnswer, hostsOf } = await import('../history/answer.ts');
      const steps = hostsOf(history).map((host) => historyAnswer(history, host).findable);
      for (const [name, lines] of series) {
        terminal.result(`\n${terminal.say(external(name))}`);
        printSeries(terminal, lines);
        for (const found of steps.map((ofHost) => ofHost.get(name)))
          if (found !== undefined) terminal.result(translate(findableText(found, 'en'), 'en'));
      }
    }
    return exitCodes.ok;
  },
});
