import { defineCommand } from '../../../cli/command.ts';
import { runOptions } from '../../../cli/options.ts';
import { parseOptions } from '../../../cli/program.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import type { LabFlags } from '../lab.ts';
import { guestOptions, guestTerminal } from '../options.ts';

const words = messages('help.labRun', {
  summary: 'run `@(run)` in a guest: lab run -- RUN OPTIONS',
  options: 'options for `@(run)`, after --',
});

/** `ocibench lab run -- OPTIONS`: `ocibench run OPTIONS` in the guest. */
export const command = defineCommand<LabFlags>({
  name: 'lab run',
  order: 20.2,
  words: words.summary,
  arguments: [{ name: '[options...]', words: words.options }],
  options: guestOptions,
  async run({ app, terminal }, lab, asked) {
    const { runInGuest } = await import('../lab.ts');
    const { placesOf } = await import('../input.ts');
    const { requestOf } = await import('../../../app/measure/configuration.ts');
    const flags: RunFlags = {
      ...placesOf(lab),
      ...parseOptions('lab run --', runOptions, asked, terminal),
    };
    const request = await requestOf(app, flags, { here: true });
    const task = { kind: 'run', words: asked, request } as const;
    return runInGuest(app, lab, task, guestTerminal(), terminal.result);
  },
});
