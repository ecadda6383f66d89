import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { HistoryFlags } from '../app/history/histories.ts';

const help = messages('help.historyAccept', {
  summary: 'close an alarm whose change is intended',
  alarm: 'id of the alarm, as printed by nightly show',
  why: 'the reason, which is recorded',
});
const words = messages('history.said', { accepted: 'alarm {id} is accepted' });

/** `ocibench nightly accept ALARM --why TEXT` */
export const command = defineCommand<HistoryFlags & { readonly why?: string }>({
  name: 'nightly accept',
  order: 50.08,
  words: help.summary,
  arguments: [{ name: '<alarm>', words: help.alarm }],
  options: [{ flags: '--why <text>', words: help.why }, historyOption, options.historyIn],
  async run({ app, terminal }, flags, [id = '']) {
    const { acceptAlarm } = await import('../app/history/histories.ts');
    await acceptAlarm(app, flags, id);
    terminal.result(terminal.say(words.accepted({ id })));
    return exitCodes.ok;
  },
});
