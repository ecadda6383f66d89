import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options, pruneOptions } from '../../../cli/options.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { PruneFlags } from '../app/history/prune.ts';

const help = messages('help.historyPrune', {
  summary: 'remove raw measurements of old nights; the history itself is kept',
});

/** `ocibench nightly prune` */
export const command = defineCommand<PruneFlags & Pick<RunFlags, 'set'>>({
  name: 'nightly prune',
  order: 50.11,
  words: help.summary,
  options: [...pruneOptions, historyOption, options.historyIn, options.config, options.daemonSet],
  async run({ app, terminal }, flags) {
    const { pruneHistory } = await import('../app/history/prune.ts');
    const { asked } = await import('../../../cli/question.ts');
    const { daemonRequest } = await import('../../../app/measure/configuration.ts');
    await pruneHistory(
      app,
      { ...flags, ...(await daemonRequest(app, flags)) },
      {
        show: (paths) => terminal.result(paths.join('\n')),
        ask: asked(terminal, 'remove'),
      },
    );
    return exitCodes.ok;
  },
});
