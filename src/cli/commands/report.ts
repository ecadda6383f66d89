import type { ReportFlags } from '../../app/report.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { options } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.report', {
  summary: 'regenerate the reports of a run from its stored data, without Docker',
  run: 'a run id, a path, an archive, "latest" (the default), or "reference" (the published run that comes with a clone of the source repository)',
  out: 'directory for results/ and charts/ (default: where the run is)',
  anonymous:
    'write reports for publication to anonymous/, without host names, user names, addresses or paths',
});

/** `ocibench report RUN` */
export const command = defineCommand<ReportFlags & PrintFlags>({
  name: 'report',
  order: 30,
  words: words.summary,
  group: helpGroups.read,
  arguments: [{ name: '[run]', words: words.run }],
  options: [
    options.in,
    { flags: '--out <dir>', words: words.out },
    options.namedConfig,
    { flags: '--anonymous', words: words.anonymous },
    options.json,
  ],
  async run({ app, terminal }, flags, [name = 'latest']) {
    const { commandApart } = await import('../apart.ts');
    const apart = await commandApart({ app }, [name], flags.in);
    if (apart !== null) return apart;
    const { reportRun } = await import('../../app/report.ts');
    const { printConclusion } = await import('../print-run.ts');
    const { conclusion, place, lang } = await reportRun(app, name, flags);
    printConclusion(terminal, conclusion, place, { lang, json: flags.json ?? false, named: name });
    return exitCodes.ok;
  },
});
