import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { ExportFlags } from '../app/history/export.ts';
import { exportFormats } from '../history/export-format.ts';

const help = messages('help.historyExport', {
  summary: 'export all figures, or the findings of the latest night',
  format: 'ndjson, openmetrics: all nights; junit, github-summary, textfile: the latest night',
  to: 'write the file to this directory, atomically (default: stdout)',
  since: 'only nights since this day, e.g. 2026-11-26',
  host: 'host whose latest night to export (default: this host, or the only host recorded)',
});

/** `ocibench nightly export` */
export const command = defineCommand<ExportFlags>({
  name: 'nightly export',
  order: 50.1,
  words: help.summary,
  options: [
    { flags: '--format <name>', words: help.format, choices: exportFormats, default: 'ndjson' },
    { flags: '--to <dir>', words: help.to },
    { flags: '--since <day>', words: help.since },
    { flags: '--host <id>', words: help.host },
    historyOption,
    options.historyIn,
  ],
  async run({ app, terminal }, flags) {
    const { exportHistory } = await import('../app/history/export.ts');
    const said = await exportHistory(app, flags);
    if (said !== '') terminal.result(said);
    return exitCodes.ok;
  },
});
