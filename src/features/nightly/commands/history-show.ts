import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { HistoryFlags } from '../app/history/histories.ts';

const help = messages('help.historyShow', {
  summary: 'open alarms, what moved, and what could be found; of named series, all nights',
  all: 'also the newest figure of every series',
  series: 'words of the names of series, such as: runc startup/echo',
});
const words = messages('history.said', {
  noAlarm: 'no open alarm',
  host: 'host {host}:',
  every: 'every series:  @(history show --all)',
  nothing: 'there is no figure in {directory} yet',
});

/** `ocibench history show [SERIES]` */
export const command = defineCommand<HistoryFlags & { readonly json?: boolean; readonly all?: boolean }>({
  name: 'history show',
  order: 76,
  words: help.summary,
  arguments: [{ name: '[series...]', words: help.series }],
  options: [{ flags: '--all', words: help.all }, historyOption, options.out, options.forPrograms],
  async run({ app, terminal }, flags, named) {
    const { loadHistory, openAlarms, seriesOf } = await import('../app/history/histories.ts');
    const { alarmText, printHeadlines, printSeries } = await import('../app/history/text.ts');
    const { answerText, historyAnswer, hostsOf } = await import('../history/answer.ts');
    const { directory, history } = await loadHistory(app, flags);
    const series = seriesOf(history, named.join(' '));
    const alarms = openAlarms(history);
    const hosts = hostsOf(history).map((host) => ({ host, answer: historyAnswer(history, host) }));
    if (flags.json) {
      const answers = hosts.map(({ host, answer }) => ({
        ...{ host, ground: answer.ground, states: answer.states },
        findable: Object.fromEntries(answer.findable),
      }));
      terminal.json({ alarms, hosts: answers, series: Object.fromEntries(series) }, 1);
      return exitCodes.ok;
    }
    if (series.size === 0) terminal.result(terminal.say(words.nothing({ directory })));
    else if (named.length === 0) {
      if (flags.all)
        printHeadlines(
          terminal,
          [...series.values()].flatMap((lines) => lines.findLast(({ stage }) => stage === 'night') ?? []),
        );
      const said = alarms.map((alarm) => alarmText(terminal, alarm));
      terminal.result(said.length === 0 ? terminal.say(words.noAlarm) : said.join('\n'));
      for (const { host, answer } of hosts) {
        if (hosts.length > 1) terminal.result(terminal.say(words.host({ host })));
        for (const line of answerText(answer, terminal.lang)) terminal.result(terminal.say(line));
      }
      if (!flags.all) terminal.result(terminal.say(words.every));
    } else
      for (const [name, lines] of series) {
        terminal.result(`\n${terminal.say(external(name))}`);
        printSeries(terminal, lines);
      }
    return exitCodes.ok;
  },
});
