import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { HistoryFlags } from '../app/history/histories.ts';

const help = messages('help.nightlyStatus', {
  summary: 'show the next start, how the last night ended, and open alarms',
});
const words = messages('nightly.status', {
  notInstalled: 'no timer is installed; to install one:  @(nightly install)',
  next: 'next    {time}',
  last: 'last    {time}, exit code {code}',
  never: 'last    never',
});

/** `ocibench nightly status` */
export const command = defineCommand<HistoryFlags & { readonly json?: boolean }>({
  name: 'nightly status',
  order: 50.04,
  words: help.summary,
  options: [historyOption, options.historyIn, options.forPrograms],
  async run({ app, terminal }, flags) {
    const { loadHistory } = await import('../app/history/histories.ts');
    const { timerStatus } = await import('../app/timer/timer.ts');
    const { terminalText } = await import('../../../report/document/sanitize.ts');
    const { printAnswer, printNights } = await import('../app/history/text.ts');
    const status = await timerStatus();
    const { history } = await loadHistory(app, flags);
    const night = history.nights.at(-1);
    if (flags.json) terminal.json({ ...status, night: night ?? null }, 1);
    else {
      const { installed, next, last, exitCode } = status;
      const said = installed
        ? [
            words.next({ time: next === '' ? '–' : next }),
            exitCode === null ? words.never : words.last({ time: last, code: String(exitCode) }),
          ]
        : [words.notInstalled];
      terminal.result(said.map((each) => terminalText(terminal.say(each))).join('\n'));
      if (night !== undefined) {
        printNights(terminal, [night]);
        printAnswer(terminal, history);
      }
    }
    return exitCodes.ok;
  },
});
