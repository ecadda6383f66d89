import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import type { GateFlags } from '../app/gate/gate-run.ts';

const words = messages('help.gate', {
  summary: 'check a run against the configured limits; exit code 0: pass, 1: fail, 5: inconclusive',
  run: 'a run id, a path, or "latest" (the default)',
  newest: 'the newest run',
});

/** `ocibench nightly gate [RUN]` */
export const command = defineCommand<GateFlags & { readonly json?: boolean }>({
  name: 'nightly gate',
  order: 50.12,
  words: words.summary,
  arguments: [{ name: '[run]', words: words.run }],
  options: [options.in, options.config, historyOption, options.forPrograms],
  examples: [{ line: 'nightly gate', words: words.newest }],
  async run({ app, terminal }, flags, [name = 'latest']) {
    const { judgeStoredRun } = await import('../app/gate/gate-run.ts');
    const { gateExitCodes } = await import('../../../app/measure/gates.ts');
    const { printGate } = await import('../../../cli/print-gate.ts');
    const report = await judgeStoredRun(app, name, flags);
    if (flags.json) terminal.json(report, 1);
    else printGate(terminal, report);
    return gateExitCodes[report.verdict];
  },
});
