import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { defineCommand } from '../command.ts';

const words = messages('help.labBuild', {
  summary: "build the guest's disk, once; it is kept in the cache",
});
const text = messages('labBuild', { builtAlready: 'the lab is built already' });

/** `ocibench lab build` */
export const command = defineCommand({
  name: 'lab build',
  order: 101,
  words: words.summary,
  async run({ app, terminal }) {
    const { buildLab } = await import('../../app/lab.ts');
    const { systemDisk, built } = await buildLab(app);
    if (!built) terminal.log(text.builtAlready);
    terminal.result(systemDisk);
    return exitCodes.ok;
  },
});
