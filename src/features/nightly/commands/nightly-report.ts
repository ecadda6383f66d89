import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { ReportFlags } from '../app/history/report.ts';

const help = messages('help.nightlyReport', {
  summary: 'write the report of the nights, a page beside them',
  to: 'directory for report.html (default: the history directory)',
});

/** `ocibench nightly report` */
export const command = defineCommand<ReportFlags>({
  name: 'nightly report',
  order: 50.09,
  words: help.summary,
  options: [{ flags: '--to <dir>', words: help.to }, historyOption, options.historyIn],
  async run({ app, terminal }, flags) {
    const { writeReport } = await import('../app/history/report.ts');
    terminal.result(await writeReport(app, flags));
    return exitCodes.ok;
  },
});
