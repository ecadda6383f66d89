import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.capacity', {
  summary: 'what services cost under another runtime, and how many hosts they need',
  once: 'once on this host: measure what a sandbox and applications cost',
  hosts: 'then: how many hosts the services in a file need, and which services can move',
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
