import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.history', { summary: 'what the nights said: @(nightly) writes it down' });

/** The commands of a history. */
export const command = defineCommand({
  name: 'history',
  order: 74,
  words: words.summary,
  group: helpGroups.nights,
});
