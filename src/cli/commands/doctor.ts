import type { RunFlags } from '../../core/config/command-line.ts';
import { messages } from '../../core/messages/define.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { choiceOptions, options } from '../options.ts';

const words = messages('help.doctor', {
  summary: 'is this machine fit for measuring, and can each runtime run here?',
  wait: 'wait for a measurement on this host to end, instead of refusing',
});

/** `ocibench doctor`: exit 1 when a check fails. */
export const command = defineCommand<RunFlags & { readonly json?: boolean }>({
  name: 'doctor',
  order: 40,
  words: words.summary,
  group: helpGroups.host,
  options: [...choiceOptions, options.forPrograms, { flags: '--wait', words: words.wait }],
  async run({ app, terminal }, flags) {
    const { diagnose } = await import('../../app/doctor.ts');
    const { diagnosisText } = await import('../diagnosis-text.ts');
    const { requestOf } = await import('../../app/measure/configuration.ts');
    return diagnose(app, await requestOf(app, flags, { here: true }), (diagnosis) => {
      if (flags.json) terminal.json(diagnosis, 1);
      else terminal.result(diagnosisText(diagnosis, terminal.lang));
    });
  },
});
