import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.fleet', {
  summary: 'merge runs of many hosts, combine runs of one, publish a run',
  together: 'merge the runs of several hosts into one report',
});

/** The commands of a fleet. */
export const command = defineCommand({
  name: 'fleet',
  order: 60,
  words: words.summary,
  group: helpGroups.hosts,
  examples: [{ line: 'fleet merge collected --out fleet', words: words.together }],
});
