import { defineCommand } from '../../../cli/command.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { LabFlags } from '../lab.ts';
import { guestKernel } from '../options.ts';

const words = messages('help.labBuild', {
  summary: 'build the disk of the guest, which is then cached',
});
const text = messages('labBuild', { builtAlready: 'the lab is already built' });

/** `ocibench lab build` */
export const command = defineCommand<Pick<LabFlags, 'kernel'>>({
  name: 'lab build',
  order: 20.1,
  words: words.summary,
  options: [guestKernel],
  async run({ app, terminal }, flags) {
    const { buildLab } = await import('../lab.ts');
    const { systemDisk, built } = await buildLab(app, flags);
    if (!built) terminal.log(text.builtAlready);
    terminal.result(systemDisk);
    return exitCodes.ok;
  },
});
