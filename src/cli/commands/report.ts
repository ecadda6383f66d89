import type { ReportFlags } from '../../app/report.ts';
import { listed } from '../../core/messages/compose.ts';
import { messages, notices } from '../../core/messages/define.ts';
import { exitCodes, misuse } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { options } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.report', {
  summary: 'regenerate the reports of a run from its stored data, without Docker',
  run: 'a run id, a path, an archive, "latest" (the default), or "reference" (the published run that comes with a clone of the source repository)',
  out: 'directory for results/ and charts/ (default: where the run is)',
  open: 'open the report in a browser ($BROWSER, or else xdg-open) and print its path; write nothing',
  anonymous:
    'write reports for publication to anonymous/, without host names, user names, addresses or paths',
});

const text = notices('open', { alone: '--open writes nothing: leave {flags} out' });

/** `ocibench report RUN` */
export const command = defineCommand<ReportFlags & PrintFlags & { readonly open?: boolean }>({
  name: 'report',
  order: 30,
  words: words.summary,
  group: helpGroups.read,
  arguments: [{ name: '[run]', words: words.run, completes: 'runs' }],
  options: [
    options.in,
    { flags: '--out <dir>', words: words.out },
    options.namedConfig,
    { flags: '--anonymous', words: words.anonymous },
    { flags: '--open', words: words.open },
    options.json,
  ],
  async run({ app, terminal }, flags, [name = 'latest']) {
    if (flags.open) {
      const { openReport } = await import('../../app/open-report.ts');
      const { in: place, out, anonymous, json, config } = flags;
      const others = Object.entries({
        '--out': out,
        '--anonymous': anonymous,
        '--json': json,
        '--config': config,
      });
      const given = others.flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
      if (given.length > 0) throw misuse(text.alone({ flags: listed(given) }));
      terminal.result(
        await openReport(app, name, {
          ...(place === undefined ? {} : { in: place }),
          variables: process.env,
        }),
      );
      return exitCodes.ok;
    }
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
