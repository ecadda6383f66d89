import { defineCommand } from '../../../cli/command.ts';
import { nightlyOptions } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { NightlyFlags } from '../app/night/settings.ts';

const help = messages('help.nightlyInstall', {
  summary: 'install a systemd timer that measures every night, or print a line for cron',
  calendar: 'when to start, in systemd.time(7) notation',
  delay:
    'upper limit of the delay before the start; the delay is chosen at random, once, and is the same every night',
  onFailure: 'systemd unit to start if a night raises an alarm or fails',
  cron: 'print a line for crontab -e instead',
  print: 'print the systemd units; write nothing',
});
const words = messages('nightly.said', { installed: 'wrote {files}; the timer is running' });

interface InstallFlags extends NightlyFlags {
  readonly calendar: string;
  readonly delay: string;
  readonly onFailure?: string;
  readonly cron?: boolean;
  readonly print?: boolean;
}

/** The options of `nightly` among these flags, as words of its command line. */
function wordsOf(flags: Readonly<Record<string, unknown>>): readonly string[] {
  return nightlyOptions.flatMap(({ flags: spelled }) => {
    const [flag = ''] = spelled.split(' ');
    const name = flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = flags[name];
    if (Array.isArray(value)) return value.flatMap((each) => [flag, String(each)]);
    if (value === undefined || value === false) return [];
    return value === true ? [flag] : [flag, String(value)];
  });
}

/** `ocibench nightly install` */
export const command = defineCommand<InstallFlags>({
  name: 'nightly install',
  order: 50.03,
  words: help.summary,
  options: [
    { flags: '--calendar <expression>', words: help.calendar, default: '*-*-* 02:00' },
    { flags: '--delay <span>', words: help.delay, default: '10min' },
    { flags: '--on-failure <unit>', words: help.onFailure },
    { flags: '--cron', words: help.cron },
    { flags: '--print', words: help.print },
    ...nightlyOptions,
  ],
  async run({ app, terminal }, flags) {
    const { installTimer, verifiedUnits } = await import('../app/timer/timer.ts');
    const { refuseVainTimer, thisTimerProgram } = await import('../app/timer/check.ts');
    const { runProgram } = await import('../../../core/host/programs.ts');
    const { crontabOf, timerSetup } = await import('../app/timer/timer-setup.ts');
    const { calendar, delay, onFailure } = flags;
    const setup = await timerSetup(app, {
      calendar,
      delay,
      flags,
      words: wordsOf({ ...flags }),
      ...(onFailure === undefined ? {} : { onFailure }),
    });
    if (flags.cron || flags.print) {
      const printed = flags.cron
        ? crontabOf(setup)
        : [...(await verifiedUnits(setup))].map(([name, content]) => `# ${name}\n${content}`).join('\n');
      await refuseVainTimer(setup, thisTimerProgram(), runProgram);
      terminal.result(printed);
    } else {
      const files = await installTimer(app, setup);
      terminal.result(terminal.say(words.installed({ files: files.join(', ') })));
    }
    return exitCodes.ok;
  },
});
