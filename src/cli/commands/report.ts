import type { ReportFlags } from '../../app/report.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { options } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.report', {
  summary: 'write the reports of a run again, from disk, without Docker',
  run: 'a run id, a path, an archive, reference, or latest (the default)',
  out: 'where results/ and charts/ are (default: this directory); of an archive, where they are written',
  anonymous: 'to be published: without names of host and users, addresses, paths; in anonymous/',
});

/** `ocibench report RUN` */
export const command = defineCommand<ReportFlags & PrintFlags>({
  name: 'report',
  order: 70,
  words: words.summary,
  group: helpGroups.results,
  arguments: [{ name: '[run]', words: words.run, completes: 'runs' }],
  options: [
    { flags: '--out <dir>', words: words.out },
    options.namedConfig,
    { flags: '--anonymous', words: words.anonymous },
    options.json,
  ],
  async run({ app, terminal }, flags, [name = 'latest']) {
    const { commandApart } = await import('../apart.ts');
    const apart = await commandApart({ app }, [name], flags.out);
    if (apart !== null) return apart;
    const { reportRun } = await import('../../app/report.ts');
    const { printConclusion } = await import('../print-run.ts');
    const { conclusion, place, lang } = await reportRun(app, name, flags);
    printConclusion(terminal, conclusion, place, { lang, json: flags.json ?? false, named: name });
    return exitCodes.ok;
  },
});
