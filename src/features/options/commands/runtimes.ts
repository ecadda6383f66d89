import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.runtimes', {
  summary: 'register runtimes in the daemon.json of this host, safely; see docs/runtimes.md',
});

/** The commands that show and change registrations. */
export const command = defineCommand({
  name: 'runtimes',
  order: 110,
  words: words.summary,
  group: helpGroups.host,
});
