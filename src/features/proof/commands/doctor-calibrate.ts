import { defineCommand } from '../../../cli/command.ts';
import { choiceOptions, options } from '../../../cli/options.ts';
import type { PrintFlags } from '../../../cli/print-run.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import type { CalibrateFlags } from '../calibrate/calibrate.ts';

const words = messages('help.calibrate', {
  summary: 'validate the measurements against known amounts of work',
  checks: 'only these checks, separated by commas (listed in docs/accounting.md)',
  blocks: 'minimum and maximum number of pairs per check (default: 6..200)',
  maxTime: 'stop after this time (default: 6m, plus 2m for each runtime beyond the third)',
  out: 'directory for results/ (default: this directory)',
  json: 'print calibration.json instead of a table',
});
const text = messages('calibrate', { details: 'details  {file}  (and trials.jsonl)' });

/** `ocibench doctor calibrate`: exit 1 when a check fails, 5 when one stays inconclusive. */
export const command = defineCommand<RunFlags & CalibrateFlags & PrintFlags>({
  name: 'doctor calibrate',
  order: 70.1,
  words: words.summary,
  options: [
    ...choiceOptions,
    { flags: '--checks <ids>', words: words.checks },
    { flags: '--blocks <min..max>', words: words.blocks },
    { flags: '--max-time <duration>', words: words.maxTime },
    { flags: '--out <dir>', words: words.out },
    { flags: '--json', words: words.json },
    options.quiet,
  ],
  async run({ app, terminal }, flags) {
    const { calibrate } = await import('../calibrate/calibrate.ts');
    const { requestOf } = await import('../../../app/measure/configuration.ts');
    const request = await requestOf(app, flags, { here: true });
    const { calibration, file, exitCode } = await calibrate(app, { ...request, checks: flags.checks });
    if (flags.json) terminal.json(calibration);
    else {
      const { calibrationTable } = await import('../calibrate/table.ts');
      terminal.paintedResult(calibrationTable(calibration, terminal.lang, terminal.paintResult));
      terminal.result(terminal.say(text.details({ file })));
    }
    return exitCode;
  },
});
