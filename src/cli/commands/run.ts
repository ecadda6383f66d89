import type { RunFlags } from '../../app/flags.ts';
import { measureRun } from '../../app/measure.ts';
import { messages } from '../../messages/define.ts';
import { defineCommand } from '../command.ts';
import { runOptions } from '../options.ts';
import { type PrintFlags, printMeasured } from '../print-run.ts';

const words = messages('help.run', { summary: 'measure and report' });

/** `ocibench run` */
export const command = defineCommand<RunFlags & PrintFlags>({
  name: 'run',
  order: 10,
  words: words.summary,
  options: runOptions,
  async run({ app, terminal }, flags) {
    return printMeasured(terminal, await measureRun(app, flags), flags);
  },
});
