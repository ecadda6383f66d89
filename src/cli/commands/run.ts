import type { RunFlags } from '../../core/config/command-line.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { runOptions } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.run', {
  summary: 'measure runtimes and write the report',
  install: 'install missing Debian packages first, including those of the engine if no Docker daemon answers',
  dryRun: 'print what would be measured, how long it would take and what it would write; start nothing',
  forecast: 'what the standard preset would measure, and how long it would take',
  quick: 'all registered runtimes, in three minutes',
  chosen: 'two runtimes, start-up and file I/O, at most ten minutes',
  service: 'your own service: time until ready, idle memory, requests per second',
  further: 'extend the newest run until the start-up of crun is conclusive',
});

/** `ocibench run` */
export const command = defineCommand<
  RunFlags & PrintFlags & { readonly dryRun?: boolean; readonly install?: boolean }
>({
  name: 'run',
  order: 10,
  words: words.summary,
  group: helpGroups.measure,
  options: [
    { flags: '--dry-run', words: words.dryRun, group: helpGroups.what },
    { flags: '--install', words: words.install, group: helpGroups.engine },
    ...runOptions,
  ],
  examples: [
    { line: 'run', words: words.quick },
    { line: 'run --preset standard --dry-run', words: words.forecast },
    { line: 'run --runtimes runc,crun --workloads startup,io --max-time 10m', words: words.chosen },
    {
      line: "run --image shop:1.2 --ready 8080 --load 'wrk -d2s http://{address}:8080/'",
      words: words.service,
    },
    { line: 'run --resume latest --until startup:crun', words: words.further },
  ],
  async run({ app, terminal }, flags) {
    const { requestOf } = await import('../../app/measure/configuration.ts');
    const request = await requestOf(app, flags, { here: true });
    if (flags.install && !flags.dryRun) {
      const { installMissing } = await import('../../app/setup.ts');
      const engine = request.engine ?? request.set?.engine;
      await installMissing(app, { embedded: engine === 'embedded', lab: false });
    }
    if (flags.dryRun) {
      const { forecastRun } = await import('../../app/measure/forecast.ts');
      const forecast = await forecastRun(app, request);
      if (flags.json) terminal.json(forecast, 1);
      else {
        const { tableWidth } = await import('../../report/renderers/terminal.ts');
        const { forecastText } = await import('../forecast-text.ts');
        const { lang, paintResult: paint } = terminal;
        const width = terminal.resultWidth(tableWidth);
        terminal.paintedResult(forecastText(forecast, { lang, paint, width }));
      }
      return exitCodes.ok;
    }
    const { measureRun } = await import('../../app/measure/measure.ts');
    const { printMeasured } = await import('../print-run.ts');
    const { report = true } = request;
    return printMeasured(terminal, await measureRun(app, request), { ...flags, report });
  },
});
