import * as z from 'zod';
import { messages, type Reason } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';

/** An error at a key of an input; the caller knows the file. */
export interface Complaint {
  readonly key: string;
  readonly reason: Reason;
}

/** A condition that must not hold, and the complaint where it does. */
type Check = readonly [isBroken: boolean, key: string, reason: Reason];

/** The complaints of the checks that fail. */
export function complaintsOf(checks: readonly Check[]): readonly Complaint[] {
  return checks.flatMap(([isBroken, key, reason]) => (isBroken ? [{ key, reason }] : []));
}

/** Convert complaints to problems of a file; `prefix` precedes their keys. */
export function problemsIn(file: string, complaints: readonly Complaint[], prefix = ''): readonly Problem[] {
  return complaints.map(({ key, reason }) => problemOf({ file, key: `${prefix}${key}` }, reason));
}

const rules = new Map<string, Message>();

/** Converts a message to zod's error text, which must be a string. {@link ruleOf} converts it back. */
export function rule(message: Message): string {
  rules.set(message.text, message);
  return message.text;
}

/** The message of a schema's rule; undefined for a text of zod's own. */
export function ruleOf(text: string): Message | undefined {
  return rules.get(text);
}

const words = messages('rule', { name: 'must be a name of letters, digits, dot, dash, plus, underscore' });

/** A name that is valid in a CSV cell, a list `a,b` on the command line and a file name. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;
// Of a runtime or an engine.
export const shortName = z.string().regex(namePattern, rule(words.name));

/** Least memory of a container, bytes (moby, daemon/daemon_unix.go). */
export const minMemoryBytes = 6 * 2 ** 20;

/** The schema of a value that is written as a text. */
export function written(parse: (text: string) => unknown, must: Message) {
  return z.string(rule(must)).refine((text) => parse(text) !== null, rule(must));
}
