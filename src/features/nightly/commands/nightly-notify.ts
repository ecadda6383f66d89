import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import type { NotifyFlags } from '../app/notify/notify.ts';

const help = messages('help.notify', {
  summary: 'pass the open alarms to a command, as JSON on its stdin',
  command:
    "command, quoted as one argument (default: nightly.notify in the configuration); it is split into words as a shell would, without variables or pipes; for those, use  sh -c ''…''",
  test: 'send a made-up alarm, to try the command',
});

/** `ocibench nightly notify [COMMAND]` */
export const command = defineCommand<NotifyFlags>({
  name: 'nightly notify',
  order: 50.13,
  words: help.summary,
  arguments: [{ name: '[command]', words: help.command }],
  options: [{ flags: '--test', words: help.test }, options.config, historyOption, options.historyIn],
  async run({ app }, flags, [asked]) {
    const { notify } = await import('../app/notify/notify.ts');
    return notify(app, flags, asked);
  },
});
