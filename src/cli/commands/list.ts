import type { ListKind } from '../../app/list.ts';
import type { RunFlags } from '../../core/config/command-line.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { namedChoiceOptions, options } from '../options.ts';

const words = messages('help.list', {
  summary: 'list runtimes, workloads, metrics, profiles or past runs',
  what: 'runtimes, workloads, metrics, profiles or runs (default: the first three)',
  name: 'only this one: a name, an id, or a category of workloads',
  category: 'the workloads of a category',
  workload: 'one workload with its parameters and metrics',
  profiles: 'container options that can be compared',
  runs: 'the runs that were measured here, newest first',
});

/** `ocibench list [runtimes|workloads|metrics|profiles|runs] [NAME]` */
export const command = defineCommand<RunFlags & { readonly in?: string; readonly json?: boolean }>({
  name: 'list',
  order: 32,
  words: words.summary,
  group: helpGroups.read,
  arguments: [
    { name: '[what]', words: words.what },
    { name: '[name]', words: words.name },
  ],
  options: [...namedChoiceOptions, options.in, options.forPrograms],
  examples: [
    { line: 'list workloads startup', words: words.category },
    { line: 'list workloads startup/echo', words: words.workload },
    { line: 'list profiles', words: words.profiles },
    { line: 'list runs', words: words.runs },
  ],
  async run({ app, terminal }, flags, [what, name]) {
    const { listKinds, listOf, named } = await import('../../app/list.ts');
    const wanted: readonly ListKind[] = listKinds(what);
    const all = await listOf(app, wanted, flags);
    const [only] = wanted;
    const lists = name === undefined || only === undefined ? all : await named(all, only, name);
    if (flags.json) terminal.json(Object.fromEntries(wanted.map((kind) => [kind, lists[kind]])), 1);
    else {
      const { tableWidth } = await import('../../report/renderers/terminal.ts');
      const { lang, paintResult: paint } = terminal;
      const printing = { lang, paint, width: terminal.resultWidth(tableWidth) };
      const [workload] = lists.workloads;
      terminal.paintedResult(
        only === 'workloads' && workload !== undefined && workload.id === name
          ? (await import('../workload-detail.ts')).workloadDetail(workload, printing)
          : await (await import('../list-tables.ts')).listTables(lists, wanted, printing),
      );
    }
    return exitCodes.ok;
  },
});
