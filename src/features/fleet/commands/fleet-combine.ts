import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { CombineFlags } from '../app/merge/combine.ts';

const words = messages('help.combine', {
  summary: 'combine runs from this host, each as one session',
  runs: 'two or more: a run id, a path, an archive, "latest", or "reference" (the published run that comes with a clone of the source repository)',
  accept:
    'combine despite these differences, e.g. host.kernel,runtimes.runsc.sha256; "all" accepts every difference',
  to: 'directory for combined.csv, and for combined.json, which compare --sessions reads',
  week: 'three runs from this week',
  handedIn: 'combine archives, and write the file that compare --sessions reads',
});
const said = messages('combineCommand', { wrote: 'wrote {file}' });

/** `ocibench fleet combine RUN…` */
export const command = defineCommand<CombineFlags & { readonly json?: boolean }>({
  name: 'fleet combine',
  order: 60.5,
  words: words.summary,
  arguments: [{ name: '<runs...>', words: words.runs }],
  options: [
    { flags: '--accept <keys>', words: words.accept },
    { flags: '--to <dir>', words: words.to },
    options.in,
    options.namedConfig,
    options.forPrograms,
    options.quiet,
  ],
  examples: [
    { line: 'fleet combine 20260105-080000-abcd 20260106-080000-bcde latest', words: words.week },
    { line: 'fleet combine *.tar.zst --to combined', words: words.handedIn },
  ],
  async run({ app, terminal }, flags, names) {
    const { combineRuns } = await import('../app/merge/combine.ts');
    const { commandApart } = await import('../../../cli/apart.ts');
    const apart = await commandApart({ app }, names, flags.in);
    if (apart !== null) return apart;
    const { combined, written } = await combineRuns(app, names, flags);
    for (const file of written) terminal.log(said.wrote({ file }));
    if (flags.json) terminal.json(combined);
    else {
      const { combinedTable } = await import('../report/combined.ts');
      const width = terminal.resultWidth(120);
      terminal.paintedResult(combinedTable(combined, { width, paint: terminal.paintResult }));
    }
    return exitCodes.ok;
  },
});
