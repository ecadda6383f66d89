import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.runtimes', {
  summary: 'register runtimes in daemon.json safely, and explain its settings',
  here: 'what is registered here, and whether Docker can use it',
  gvisor: 'gVisor without its own network stack',
});

/** The commands that show and change registrations. */
export const command = defineCommand({
  name: 'runtimes',
  order: 72,
  words: words.summary,
  group: helpGroups.host,
  examples: [
    { line: 'runtimes show', words: words.here },
    { line: 'runtimes add runsc-host --path /usr/bin/runsc -- --network=host', words: words.gvisor },
  ],
});
