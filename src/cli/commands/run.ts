import type { RunFlags } from '../../app/flags.ts';
import { messages } from '../../messages/define.ts';
import { defineCommand } from '../command.ts';
import { runOptions } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.run', { summary: 'measure and report' });

/** `ocibench run` */
export const command = defineCommand<RunFlags & PrintFlags>({
  name: 'run',
  order: 10,
  words: words.summary,
  options: runOptions,
  async run({ app, terminal }, flags) {
    const { measureRun } = await import('../../app/measure.ts');
    const { printMeasured } = await import('../print-run.ts');
    return printMeasured(terminal, await measureRun(app, flags), flags);
  },
});
