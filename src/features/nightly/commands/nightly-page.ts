import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { NightsReportFlags } from '../app/history/report.ts';

const help = messages('help.nightlyPage', {
  summary: 'write the report of the nights, a page beside them',
  to: 'directory for report.html (default: the history directory)',
});

/** `ocibench nightly page` */
export const command = defineCommand<NightsReportFlags>({
  name: 'nightly page',
  order: 50.09,
  words: help.summary,
  options: [{ flags: '--to <dir>', words: help.to }, historyOption, options.historyIn],
  async run({ app, terminal }, flags) {
    const { writeReport } = await import('../app/history/report.ts');
    terminal.result(await writeReport(app, flags));
    return exitCodes.ok;
  },
});
