import type { RunFlags } from '../../core/config/command-line.ts';
import { messages } from '../../core/messages/define.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { runOptions } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.start', { summary: 'install what is missing, then run the quick comparison' });

/** `ocibench start`: from a bare machine to a first comparison. */
export const command = defineCommand<RunFlags & PrintFlags>({
  name: 'start',
  order: 20,
  words: words.summary,
  group: helpGroups.measure,
  options: runOptions,
  async run({ app, terminal }, flags) {
    const { installMissing } = await import('../../app/setup.ts');
    const { requestOf } = await import('../../app/measure/configuration.ts');
    await installMissing(app, { embedded: flags.engine === 'embedded', lab: false });
    const request = await requestOf(app, flags, { here: true });
    const { measureRun } = await import('../../app/measure/measure.ts');
    const { printMeasured } = await import('../print-run.ts');
    return printMeasured(terminal, await measureRun(app, { preset: 'quick', ...request }), flags);
  },
});
