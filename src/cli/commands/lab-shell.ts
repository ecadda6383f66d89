import { type LabFlags, runInGuest } from '../../app/lab.ts';
import { messages } from '../../messages/define.ts';
import { defineCommand } from '../command.ts';
import { guestTerminal } from '../guest-terminal.ts';
import { guestOptions } from '../options.ts';

const words = messages('help.labShell', { summary: 'an interactive root shell in a guest' });

/** `ocibench lab shell` */
export const command = defineCommand<LabFlags>({
  name: 'lab shell',
  order: 104,
  words: words.summary,
  options: guestOptions,
  run: ({ app, terminal }, lab) => runInGuest(app, lab, { kind: 'shell' }, guestTerminal(), terminal.result),
});
