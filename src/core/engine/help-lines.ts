import { listed } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message, ValueList } from '../messages/message.ts';

const words = messages('engine', { indented: '  {line}' });

/** Lines of what would help, the first of which is indented by the text that it stands in. */
export function helpLines([first, ...others]: readonly Message[]): ValueList {
  return listed([first ?? '', ...others.map((line) => words.indented({ line }))], 'line');
}
