import type { CleanFlags } from '../../app/leftovers/clean.ts';
import type { RunFlags } from '../../core/config/command-line.ts';
import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/failure/error.ts';
import { terminalText } from '../../report/document/sanitize.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { options } from '../options.ts';

const words = messages('help.clean', {
  summary: 'remove what a killed run left behind on this host',
  otherHosts: 'also remove containers from runs that other hosts measured through this Docker daemon',
  images: "also remove ocibench''s images from the Docker daemon",
  cache: 'also remove the cached image files',
});

/** `ocibench clean` */
export const command = defineCommand<CleanFlags & Pick<RunFlags, 'set'>>({
  name: 'clean',
  order: 74,
  words: words.summary,
  group: helpGroups.host,
  options: [
    options.daemonSet,
    options.in,
    { flags: '--other-hosts', words: words.otherHosts },
    { flags: '--images', words: words.images },
    { flags: '--cache', words: words.cache },
  ],
  async run({ app, terminal }, flags) {
    const { daemonRequest } = await import('../../app/measure/configuration.ts');
    const { cleanHost } = await import('../../app/leftovers/clean.ts');
    const { text: ofLeftovers } = await import('../../app/leftovers/leftovers.ts');
    const { removed, leftAlone } = await cleanHost(app, { ...flags, ...(await daemonRequest(app, flags)) });
    for (const what of leftAlone)
      terminal.warn(external(terminalText(terminal.say(ofLeftovers.leftAlone({ what })))));
    const { removedLines } = await import('../removed-text.ts');
    terminal.result(removedLines(removed, leftAlone.length > 0, terminal.lang));
    return exitCodes.ok;
  },
});
