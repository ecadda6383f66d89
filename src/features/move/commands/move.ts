import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { options } from '../../../cli/options.ts';
import type { PrintFlags } from '../../../cli/print-run.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import type { MoveFlags } from '../app/settings.ts';

const words = messages('help.move', {
  summary: 'try a copy of compose services under another runtime, and measure the cost',
  files: 'compose files, as for docker compose -f (default: the one in this directory)',
  withData:
    'let the services work on copies of your data: volumes and writable directories (default: empty volumes, read-only directories)',
  to: 'runtimes to move to, by name in daemon.json, separated by commas',
  withNetwork:
    'let the copies reach other networks: your real systems, with your real credentials (default: no)',
  load: "load for the stack: a service in the file, or a command run on this host, in which '{web}' stands for the address of service web, and whose output is parsed (wrk, k6, hey, ab, redis-benchmark, pgbench, fio); without it, measure idle memory and idle CPU",
  at: 'report the CPUs needed at this many requests per second, e.g. 200 (default: as many as the baseline answers)',
  stay: 'services to leave on the baseline runtime, separated by commas',
  maxTime:
    'stop after this time, e.g. 30m (default: as long as the trials need, plus ten minutes for the costs)',
  tryOnly: 'only check whether the services run; do not measure costs',
  set: 'set a bench.config.ts key for this command: move.healthyWithin=60s, move.maxData=10G with --with-data, move.rate=REGEX and move.requests=REGEX to parse the output of any other load command (the first group is the requests per second, or the number of requests), wait=true, context=NAME; can be repeated (docs/files.md)',
  compare:
    'compare with the move.json of an earlier move: exit 1 only for what became worse, such as a service that moved or a higher cost',
  json: 'print move.json instead of a table',
  one: 'the stack in this directory under gVisor, with the load from its service named load',
  onlyTry: 'only check whether it runs',
});
const text = messages('moveCommand', {
  details: 'details  {directory}  (page, record, and the files for the services that move)',
});

/** `ocibench move`: exit 1 where a service cannot move. */
export const command = defineCommand<RunFlags & MoveFlags & PrintFlags>({
  name: 'move',
  order: 40,
  words: words.summary,
  group: helpGroups.decide,
  arguments: [{ name: '[files...]', words: words.files }],
  options: [
    { flags: '--to <runtimes>', words: words.to },
    options.baseline,
    { flags: '--load <service|command>', words: words.load },
    { flags: '--at <rate>', words: words.at },
    { flags: '--stay <services>', words: words.stay },
    { flags: '--max-time <duration>', words: words.maxTime },
    { flags: '--try-only', words: words.tryOnly },
    { flags: '--with-network', words: words.withNetwork },
    { flags: '--with-data', words: words.withData },
    options.config,
    { ...options.set, words: words.set },
    { flags: '--compare <move.json>', words: words.compare },
    options.out,
    { flags: '--json', words: words.json },
    options.quiet,
    options.lang,
  ],
  examples: [
    { line: 'move compose.yaml --to runsc --load load', words: words.one },
    { line: 'move compose.yaml --to runsc --try-only', words: words.onlyTry },
  ],
  async run({ app, terminal }, flags, files) {
    const { requestOf } = await import('../../../app/measure/configuration.ts');
    const { move } = await import('../app/move.ts');
    const { to, withNetwork, load, at, stay, maxTime, tryOnly, compare, ...most } = flags;
    const { withData, ...others } = most;
    const request = await requestOf(app, others, { here: true });
    const { move: found, directory, exitCode } = await move(app, files, flags, request);
    if (flags.json) terminal.json(found);
    else {
      const { moveBlocks } = await import('../report/blocks.ts');
      const { renderTerminal } = await import('../../../report/renderers/terminal.ts');
      const { lang, paintResult: paint } = terminal;
      const width = terminal.resultWidth(120);
      terminal.paintedResult(renderTerminal(moveBlocks(found, lang), { lang, width, paint }));
      terminal.result(terminal.say(text.details({ directory })));
    }
    return exitCode;
  },
});
