import { defineCommand } from '../../../cli/command.ts';
import { messages } from '../../../core/messages/define.ts';
import type { LabFlags } from '../lab.ts';
import { guestOptions, guestTerminal } from '../options.ts';

const words = messages('help.labExec', {
  summary: 'run a command in a guest, as root: lab exec -- ocibench doctor',
  command: 'program and arguments, after --',
});

/** `ocibench lab exec -- COMMAND`: any command in the guest, with ocibench in PATH. */
export const command = defineCommand<LabFlags>({
  name: 'lab exec',
  order: 20.3,
  words: words.summary,
  arguments: [{ name: '<command...>', words: words.command }],
  options: guestOptions,
  async run({ app, terminal }, lab, asked) {
    const { runInGuest } = await import('../lab.ts');
    return runInGuest(app, lab, { kind: 'exec', words: asked }, guestTerminal(), terminal.result);
  },
});
