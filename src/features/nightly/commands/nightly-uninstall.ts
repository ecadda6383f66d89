import { defineCommand } from '../../../cli/command.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';

const help = messages('help.nightlyUninstall', { summary: 'stop the timer and remove its files' });
const words = messages('nightly.said', {
  uninstalled: 'removed {files}',
  goesOn:
    'a night that is running continues; to end it now, with what it has measured:  systemctl stop {unit}',
});

/** `ocibench nightly uninstall` */
export const command = defineCommand({
  name: 'nightly uninstall',
  order: 50.05,
  words: help.summary,
  async run({ terminal }) {
    const { uninstallTimer } = await import('../app/timer/timer.ts');
    const { units } = await import('../app/timer/units.ts');
    const { files, nightGoesOn } = await uninstallTimer();
    terminal.result(terminal.say(words.uninstalled({ files: files.join(', ') })));
    if (nightGoesOn) terminal.warn(words.goesOn({ unit: units.service }));
    return exitCodes.ok;
  },
});
