import type { PruneFlags } from '../../app/history-prune.ts';
import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { defineCommand } from '../command.ts';
import { historyOption, options, pruneOptions } from '../options.ts';

const help = messages('help.historyPrune', {
  summary: 'remove the raw measurements of old nights; the history itself stays',
});

/** `ocibench history prune` */
export const command = defineCommand<PruneFlags>({
  name: 'history prune',
  order: 79,
  words: help.summary,
  options: [...pruneOptions, historyOption, options.out, options.config, options.wait],
  async run({ app, terminal }, flags) {
    const { pruneHistory } = await import('../../app/history-prune.ts');
    const { asked } = await import('../confirmation.ts');
    await pruneHistory(app, flags, {
      show: (paths) => terminal.result(paths.join('\n')),
      ask: asked(terminal, 'remove'),
    });
    return exitCodes.ok;
  },
});
