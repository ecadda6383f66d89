import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const rules = new Map<string, Message>();

/** A rule of a schema as zod carries it, which knows only texts. {@link ruleOf} gives the message back. */
export function rule(message: Message): string {
  rules.set(message.text, message);
  return message.text;
}

/** The message that a schema's rule was made of; undefined for a text of zod's own. */
export function ruleOf(text: string): Message | undefined {
  return rules.get(text);
}

const words = messages('rule', {
  notEmpty: 'must not be empty',
  oneOrMore: 'must be 1 or more',
  zeroOrMore: 'must be 0 or more',
});

/** Rules of several schemas. */
export const commonRules = {
  notEmpty: rule(words.notEmpty),
  oneOrMore: rule(words.oneOrMore),
  zeroOrMore: rule(words.zeroOrMore),
} as const;
