import type { RunRequest } from '../../core/config/command-line.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';

const words = messages('help.open', {
  summary: 'open the report of a run in a browser (BROWSER, or else xdg-open), and print its path',
  run: 'a run id, a path, or latest (the default)',
  out: 'where results/ is (default: this directory)',
});

/** `ocibench open [RUN]` */
export const command = defineCommand<Pick<RunRequest, 'out'>>({
  name: 'open',
  order: 72,
  words: words.summary,
  group: helpGroups.results,
  arguments: [{ name: '[run]', words: words.run, completes: 'runs' }],
  options: [{ flags: '--out <dir>', words: words.out }],
  async run({ app, terminal }, { out }, [name = 'latest']) {
    const { openReport } = await import('../../app/open-report.ts');
    terminal.result(
      await openReport(app, name, { ...(out === undefined ? {} : { out }), variables: process.env }),
    );
    return exitCodes.ok;
  },
});
