import type { RunFlags } from '../../app/flags.ts';
import { measureRun } from '../../app/measure.ts';
import { messages } from '../../messages/define.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { runOptions } from '../options.ts';
import { type PrintFlags, printMeasured } from '../print-run.ts';

const words = messages('help.run', {
  summary: 'measure and report',
  quick: 'all registered runtimes, three minutes',
  chosen: 'two runtimes, start-up and file I/O, ten minutes at most',
  service: 'a service of your own: time to ready, memory at rest, requests per second',
  further: 'go on with what is still open in the newest run',
});

/** `ocibench run` */
export const command = defineCommand<RunFlags & PrintFlags>({
  name: 'run',
  order: 10,
  words: words.summary,
  group: helpGroups.measure,
  options: runOptions,
  examples: [
    { line: 'run', words: words.quick },
    { line: 'run --runtimes runc,crun --workloads startup,io --max-time 10m', words: words.chosen },
    {
      line: "run --image shop:1.2 --ready 8080 --load 'wrk -d2s http://{address}:8080/'",
      words: words.service,
    },
    { line: 'run --resume latest --until startup:crun', words: words.further },
  ],
  async run({ app, terminal }, flags) {
    return printMeasured(terminal, await measureRun(app, flags), flags);
  },
});
