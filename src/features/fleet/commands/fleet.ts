import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.fleet', {
  summary: 'run on many hosts; merge, combine and publish runs',
  three: 'three machines, each reached through a Docker context',
  together: 'merge their runs into one report',
});

/** The commands of a fleet. */
export const command = defineCommand({
  name: 'fleet',
  order: 60,
  words: words.summary,
  group: helpGroups.hosts,
  examples: [
    { line: 'fleet contexts --contexts web,db,cache --out collected -- --preset quick', words: words.three },
    { line: 'fleet merge collected --out fleet', words: words.together },
  ],
});
