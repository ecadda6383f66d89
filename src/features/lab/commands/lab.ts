import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('help.lab', {
  summary: 'measure in a throwaway virtual machine with systemd, cgroup v2 and Docker',
  quick: 'a quick run in a guest',
});

/** The commands of the lab. */
export const command = defineCommand({
  name: 'lab',
  order: 20,
  words: words.summary,
  group: helpGroups.measure,
  examples: [{ line: 'lab run -- --preset quick', words: words.quick }],
});
