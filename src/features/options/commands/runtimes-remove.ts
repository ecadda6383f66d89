import { defineCommand } from '../../../cli/command.ts';
import { changeOptions } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { ChangeFlags } from '../daemon-json/change-runtimes.ts';

const words = messages('help.runtimesRemove', {
  summary: 'remove a runtime from daemon.json',
  name: 'name of a runtime in daemon.json',
  force: 'remove it even if containers were created with it',
});

/** `ocibench runtimes remove NAME` */
export const command = defineCommand<ChangeFlags>({
  name: 'runtimes remove',
  order: 72.4,
  words: words.summary,
  arguments: [{ name: '<name>', words: words.name }],
  options: [...changeOptions, { flags: '--force', words: words.force }],
  async run({ app, terminal }, flags, [name = '']) {
    const { removeRuntime } = await import('../daemon-json/change-runtimes.ts');
    const { confirmation } = await import('../daemon-json/confirmation.ts');
    await removeRuntime(app, name, { flags, confirmation: confirmation(terminal) });
    return exitCodes.ok;
  },
});
