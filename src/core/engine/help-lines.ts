import { listed } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message, ValueList } from '../messages/message.ts';

const words = messages('engine', { indented: '  {line}' });

/** Lines with the commands that would help. The first is not indented: the surrounding text does that. */
export function helpLines([first, ...others]: readonly Message[]): ValueList {
  return listed([first ?? '', ...others.map((line) => words.indented({ line }))], 'line');
}
