import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { grouped, nightlyOptions, options } from '../../../cli/options.ts';
import type { PrintFlags } from '../../../cli/print-run.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { NightlyFlags } from '../app/night/settings.ts';

const help = messages('help.nightly', {
  summary: 'measure runtimes every night alongside pinned copies, and report changes',
  check: 'check whether a night can start; measure nothing',
  pinned: 'pin a copy of the baseline, and of each runtime to watch',
  always: 'every night at 2:00, with files for CI and node-exporter',
});
const words = messages('nightly.said', {
  written: 'history  {directory}   (all figures:  @(nightly show --all))',
  canBegin: 'a night can begin',
});

/** `ocibench nightly` */
export const command = defineCommand<NightlyFlags & PrintFlags & { readonly check?: boolean }>({
  name: 'nightly',
  order: 50,
  words: help.summary,
  group: helpGroups.guard,
  options: [
    ...grouped(helpGroups.what, [{ flags: '--check', words: help.check }]),
    ...nightlyOptions,
    ...grouped(helpGroups.output, [options.json, options.quiet]),
  ],
  examples: [
    { line: 'nightly pin runc', wrap: 'sudo {command}', words: help.pinned },
    { line: 'nightly install --exports junit,textfile', wrap: 'sudo {command}', words: help.always },
  ],
  explainedBy: 'nightly install',
  async run({ app, terminal }, flags) {
    const { checkNight, measureNight } = await import('../app/night/night.ts');
    if (flags.check) {
      await checkNight(app, flags);
      terminal.result(terminal.say(words.canBegin));
      return exitCodes.ok;
    }
    const { printGate } = await import('../../../cli/print-gate.ts');
    const { storedHistory } = await import('../app/history/history-file.ts');
    const { printAnswer, printNights } = await import('../app/history/text.ts');
    const { headlines, nights, alarms, history, measured, gate, exitCode } = await measureNight(app, flags);
    if (flags.json) terminal.json([...headlines, ...nights, ...alarms, ...(gate?.results ?? [])], 1);
    else {
      printNights(terminal, nights);
      printAnswer(terminal, await storedHistory(history));
      if (gate !== null) printGate(terminal, gate);
      terminal.result(terminal.say(words.written({ directory: history })));
    }
    if (measured?.kept) terminal.log(measured.kept);
    if (measured?.advice) terminal.warn(measured.advice);
    return exitCode;
  },
});
