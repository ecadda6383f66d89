import { join } from 'node:path';
import { defineCommand } from '../../../cli/command.ts';
import { collect, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { recalled } from '../../../core/messages/record.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { MergeFlags } from '../app/merge/merge.ts';

const words = messages('help.merge', {
  summary: 'merge runs from several hosts into one report; each host has one vote',
  paths: 'run directories, run archives (.tar, .tar.gz, .tar.zst), or directories that contain either',
  out: 'directory for fleet.json, fleet.csv, report.html, report.md and charts/ (default: fleet)',
  class: 'write the report for a class of students: without names, with questions to discuss',
  names: 'with --class: also write teacher.html, with the names; do not show it to the class',
  own: 'highlight the machine that made this run, given by id or path; "here" means this host',
  without:
    'give a host no vote, and say why: HOST:REASON, where HOST is its name, a run id or a path; can be repeated',
  fleet: 'the runs that a launcher collected: one directory per host',
  broken: 'one host is known to be broken: it has no vote, and the report says why',
  course: 'the submissions of a class, with one machine highlighted',
});
const said = messages('mergeCommand', {
  report: 'report  {file}',
  numbers: 'numbers {file}',
  names: 'names   {file}',
});

/** `ocibench fleet merge PATH…`: exit 1 if a named run, or a figure of one, is not in the fleet. */
export const command = defineCommand<MergeFlags & { readonly json?: boolean }>({
  name: 'fleet merge',
  order: 60.4,
  words: words.summary,
  arguments: [{ name: '<paths...>', words: words.paths }],
  options: [
    { flags: '--out <dir>', words: words.out },
    { flags: '--class', words: words.class },
    { flags: '--names', words: words.names },
    { flags: '--own <run>', words: words.own },
    { flags: '--without <host>', words: words.without, parse: collect },
    options.namedConfig,
    options.forPrograms,
    options.quiet,
    options.lang,
  ],
  examples: [
    { line: 'fleet merge collected --out fleet', words: words.fleet },
    { line: 'fleet merge collected --without "cn7:its disk is broken"', words: words.broken },
    { line: 'fleet merge submissions --class --own submissions/7 --out class', words: words.course },
  ],
  async run({ app, terminal }, flags, paths) {
    const { mergeRuns } = await import('../app/merge/merge.ts');
    const { fleet, told, place, lang } = await mergeRuns(app, paths, flags);
    for (const each of told) {
      const message = recalled(each, 'message');
      if (each.kind === 'left-out') terminal.warn(message);
      else terminal.log(message);
    }
    if (flags.json) terminal.json(fleet);
    else {
      const { fleetTable } = await import('../report/terminal.ts');
      const { teacherPage } = await import('../app/merge/write-fleet.ts');
      const width = terminal.resultWidth(120);
      terminal.paintedResult(fleetTable(fleet, { lang, width, paint: terminal.paintResult }));
      const files = [
        said.report({ file: join(place, 'report.html') }),
        said.numbers({ file: join(place, 'fleet.csv') }),
        ...(flags.class && flags.names ? [said.names({ file: join(place, teacherPage) })] : []),
      ];
      terminal.result(files.map((file) => terminal.say(file)).join('\n'));
    }
    return told.some(({ kind }) => kind === 'left-out') ? exitCodes.someFailed : exitCodes.ok;
  },
});
