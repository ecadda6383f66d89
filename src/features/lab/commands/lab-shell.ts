import { defineCommand } from '../../../cli/command.ts';
import { messages } from '../../../core/messages/define.ts';
import type { LabFlags } from '../lab.ts';
import { guestOptions, guestTerminal } from '../options.ts';

const words = messages('help.labShell', { summary: 'open a root shell in a guest' });

/** `ocibench lab shell` */
export const command = defineCommand<LabFlags>({
  name: 'lab shell',
  order: 20.4,
  words: words.summary,
  options: guestOptions,
  async run({ app, terminal }, lab) {
    const { runInGuest } = await import('../lab.ts');
    return runInGuest(app, lab, { kind: 'shell' }, guestTerminal(), terminal.result);
  },
});
