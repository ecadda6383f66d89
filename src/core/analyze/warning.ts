import type { Message } from '../messages/message.ts';
import type { Analysis } from '../model/analysis.ts';
import { saidAs } from '../model/said.ts';

/** A doubt about a run as a whole. */
export type Warning = Analysis['warnings'][number];

/** `code` is stable, for programs. */
export function warning(code: string, message: Message): Warning {
  return { code, ...saidAs('message', message) };
}
