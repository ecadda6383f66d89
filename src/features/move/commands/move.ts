import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { options } from '../../../cli/options.ts';
import type { PrintFlags } from '../../../cli/print-run.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import type { MoveFlags } from '../app/asked.ts';

const words = messages('help.move', {
  summary: 'try compose services under another runtime, on a copy, and measure the cost',
  files:
    "compose files, as for docker compose -f (default: this directory''s); with --image, its command, after --",
  image: 'one image instead of a compose file; the service has its name',
  env: 'environment variable for --image; can be repeated',
  loadImage: 'with --image: run the command of --load in a container of this image, not on this host',
  withData:
    'let copies work on copies of your data: volumes and writable directories (default: empty volumes, read-only directories)',
  to: 'runtimes to move to, by name in daemon.json, separated by commas',
  withNetwork: 'let copies reach other networks: your real systems, with your real credentials (default: no)',
  load: "load on the stack: a service of the file, or a command of this host with services as '{web}', whose output is read (wrk, k6, hey, ab, redis-benchmark, pgbench, fio); without it, measure memory, and CPU at rest",
  at: 'report CPUs for this many requests per second, e.g. 200 (default: as many as the baseline answers)',
  stay: 'services that stay under the baseline, separated by commas',
  maxTime: 'stop after this time, e.g. 30m (default: what trials need, and ten minutes for costs)',
  tryOnly: 'only try whether services run, do not measure costs',
  set: 'set a key of bench.config.ts for this call: move.healthyWithin=60s, move.maxData=10G with --with-data, move.rate=REGEX and move.requests=REGEX for the output of another load (first group: requests per second, or requests), wait=true, context=NAME; can be repeated (docs/files.md)',
  json: 'print move.json instead of a table',
  one: 'the stack of this directory under gVisor, with its service load',
  onlyTry: 'only whether it runs',
  ofImage: 'one image, with a load program of this host',
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
    { flags: '--to <runtimes>', words: words.to, completes: 'runtimes' },
    options.baseline,
    { flags: '--image <image>', words: words.image },
    { ...options.env, words: words.env },
    { flags: '--load <service|command>', words: words.load },
    { flags: '--load-image <image>', words: words.loadImage },
    { flags: '--at <rate>', words: words.at },
    { flags: '--stay <services>', words: words.stay },
    { flags: '--max-time <duration>', words: words.maxTime },
    { flags: '--try-only', words: words.tryOnly },
    { flags: '--with-network', words: words.withNetwork },
    { flags: '--with-data', words: words.withData },
    options.engine,
    options.config,
    { ...options.set, words: words.set },
    options.out,
    { flags: '--json', words: words.json },
    options.quiet,
    options.lang,
  ],
  examples: [
    { line: 'move compose.yaml --to runsc --load load', words: words.one },
    { line: 'move compose.yaml --to runsc --try-only', words: words.onlyTry },
    {
      line: "move --image nginx:1.27 --to runsc --load 'wrk -d5s --latency http://{nginx}:80/'",
      words: words.ofImage,
    },
  ],
  async run({ app, terminal }, flags, files) {
    const { requestOf } = await import('../../../app/measure/configuration.ts');
    const { move } = await import('../app/move.ts');
    const { to, withNetwork, load, at, stay, maxTime, tryOnly, ...most } = flags;
    const { image, env, loadImage, withData, ...others } = most;
    const request = await requestOf(app, others, { here: true });
    const {
      move: found,
      directory,
      exitCode,
    } = await move(
      app,
      files,
      {
        ...{ to, withNetwork, load, at, stay, maxTime, tryOnly },
        ...{ image, env, loadImage, withData },
      },
      request,
    );
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
