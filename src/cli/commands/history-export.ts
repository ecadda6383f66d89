import type { HistoryFlags } from '../../app/history.ts';
import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { type ExportFormat, exportFormats } from '../../model/export-format.ts';
import { defineCommand } from '../command.ts';
import { historyOption, options } from '../options.ts';

const help = messages('help.historyExport', {
  summary: 'all figures that count, for other programs; the files themselves are JSON lines, too',
  format: 'how they are written',
});

/** `ocibench history export` */
export const command = defineCommand<HistoryFlags & { readonly format: ExportFormat }>({
  name: 'history export',
  order: 77,
  words: help.summary,
  options: [
    { flags: '--format <name>', words: help.format, choices: exportFormats, default: 'csv' },
    historyOption,
    options.out,
  ],
  async run({ app, terminal }, flags) {
    const { exported, loadHistory } = await import('../../app/history.ts');
    const { history } = await loadHistory(app, flags);
    terminal.result(exported(history, flags.format));
    return exitCodes.ok;
  },
});
