import type { RunFlags } from '../../../app/measure/flags.ts';
import { defineCommand } from '../../../cli/command.ts';
import { runOptions } from '../../../cli/options.ts';
import { parseOptions } from '../../../cli/program.ts';
import { messages } from '../../../core/messages/define.ts';
import type { LabFlags } from '../lab.ts';
import { guestOptions, guestTerminal } from '../options.ts';

const words = messages('help.labRun', {
  summary: '`@(run)` in a guest: lab run -- OPTIONS OF RUN',
  options: 'options of `@(run)`, after --',
});

/** `ocibench lab run -- OPTIONS`: `ocibench run OPTIONS` in the guest. */
export const command = defineCommand<LabFlags>({
  name: 'lab run',
  order: 102,
  words: words.summary,
  arguments: [{ name: '[options...]', words: words.options }],
  options: guestOptions,
  async run({ app, terminal }, lab, asked) {
    const { runInGuest } = await import('../lab.ts');
    const flags = parseOptions('lab run --', runOptions, asked, terminal) as RunFlags;
    const task = { kind: 'run', words: asked, flags } as const;
    return runInGuest(app, lab, task, guestTerminal(), terminal.result);
  },
});
