import { defineCommand } from '../../../cli/command.ts';
import { historyOption, options } from '../../../cli/options.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { SiteFlags } from '../app/history/site.ts';

const help = messages('help.historySite', {
  summary: 'write the nightly dashboard as static pages in the history directory',
  site: 'directory for the pages (default: site/ in the history directory)',
});
const words = messages('history.said', { site: '{files} files, {size}' });

/** `ocibench nightly site` */
export const command = defineCommand<SiteFlags>({
  name: 'nightly site',
  order: 50.09,
  words: help.summary,
  options: [{ flags: '--site <dir>', words: help.site }, historyOption, options.historyIn],
  async run({ app, terminal }, flags) {
    const { makeSite } = await import('../app/history/site.ts');
    const { page, files, bytes } = await makeSite(app, flags);
    terminal.result(page);
    terminal.log(words.site({ files, size: quantity(bytes / 2 ** 20, 'MiB', 1) }));
    return exitCodes.ok;
  },
});
