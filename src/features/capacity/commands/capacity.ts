import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.capacity', {
  summary: 'predict what services cost under another runtime, and plan hosts for them',
  once: 'once on this host: what a sandbox and a call cost',
  hosts: 'then: hosts for the services of a file, and which of them can move',
});

/** The commands that say what to set aside for services. */
export const command = defineCommand({
  name: 'capacity',
  order: 42,
  words: words.summary,
  group: helpGroups.decide,
  examples: [
    { line: 'capacity measure', wrap: 'sudo {command}', words: words.once },
    { line: 'capacity plan services.yaml', words: words.hosts },
  ],
});
