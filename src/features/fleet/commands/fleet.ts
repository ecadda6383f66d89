import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.fleet', {
  summary: 'the same run on many hosts, through what starts programs there already',
});

/** The commands of a fleet. */
export const command = defineCommand({
  name: 'fleet',
  order: 50,
  words: words.summary,
  group: helpGroups.measure,
});
