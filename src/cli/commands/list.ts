import type { CommonFlags } from '../../app/flags.ts';
import type { ListKind } from '../../app/list.ts';
import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { defineCommand } from '../command.ts';
import { namedChoiceOptions, options } from '../options.ts';

const words = messages('help.list', {
  summary: 'runtimes, workloads and metrics',
  what: 'runtimes, workloads or metrics; all when left out',
});

/** `ocibench list [runtimes|workloads|metrics]` */
export const command = defineCommand<CommonFlags & { readonly json?: boolean }>({
  name: 'list',
  order: 60,
  words: words.summary,
  arguments: [{ name: '[what]', words: words.what }],
  options: [...namedChoiceOptions, options.forPrograms],
  async run({ app, terminal }, flags, [what]) {
    const { listKinds, listOf } = await import('../../app/list.ts');
    const wanted: readonly ListKind[] = listKinds(what);
    const lists = await listOf(app, wanted, flags);
    if (flags.json) terminal.json(Object.fromEntries(wanted.map((kind) => [kind, lists[kind]])), 1);
    else {
      const { tableWidth } = await import('../../report/renderers/terminal.ts');
      const { listTables } = await import('../list-tables.ts');
      const { lang, paintResult: paint } = terminal;
      const width = terminal.resultWidth(tableWidth);
      terminal.paintedResult(listTables(lists, wanted, { lang, paint, width }));
    }
    return exitCodes.ok;
  },
});
