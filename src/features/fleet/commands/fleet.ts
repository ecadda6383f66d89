import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.fleet', {
  summary: 'the same run on many hosts; and many runs as one answer, to be shared or taught',
  three: 'three machines that Docker contexts name',
  together: 'what their runs say together',
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
