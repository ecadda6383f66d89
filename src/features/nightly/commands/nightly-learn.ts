import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { grouped, nightlyOptions, options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import type { NightlyFlags } from '../app/night/settings.ts';

const help = messages('help.nightlyLearn', {
  summary: 'compare each runtime with its pinned copy in one evening instead of 14 nights',
  for: 'how long to measure; allow time for 60 to 100 blocks',
});

/** `ocibench nightly learn` */
export const command = defineCommand<NightlyFlags>({
  name: 'nightly learn',
  order: 50.02,
  words: help.summary,
  options: [
    ...grouped(helpGroups.extent, [{ flags: '--for <duration>', words: help.for, default: '2h' }]),
    ...nightlyOptions.filter(({ flags }) => !/^--max-time /.test(flags)),
    ...grouped(helpGroups.output, [options.quiet]),
  ],
  async run({ app, terminal }, flags) {
    const { measureNight } = await import('../app/night/night.ts');
    const { printNights } = await import('../app/history/text.ts');
    const { nights, exitCode } = await measureNight(app, flags);
    printNights(terminal, nights);
    return exitCode;
  },
});
