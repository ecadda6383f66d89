import { type Reason, reasons } from '../messages/define.ts';
import type { Value } from '../messages/message.ts';
import { type FailureRule, type PatternGroups, type RuleContext, restartHint } from './failure-rule.ts';

/** Further conditions of a failure. */
export interface RowOptions extends Pick<FailureRule, 'families' | 'when'> {
  /** Id of the messages in the scope `preflight`; default: the code. */
  readonly id?: string;
}

/** A failure: what the engine passes on, code, message, fix. A placeholder is a group of the pattern, or one of the values. */
export type FailureRow = readonly [
  pattern: RegExp,
  code: string,
  message: string,
  fix: string,
  options?: RowOptions,
];

/** The values of messages that are no groups of their patterns. */
export type RowValues = Readonly<Record<string, (context: RuleContext, groups: PatternGroups) => Value>>;

const commonValues: RowValues = {
  name: ({ entry }) => entry.name,
  file: ({ file }) => file,
  restart: restartHint,
};

const camelCase = (code: string) => code.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The rules of a table, in its order. `own`: values beside name, file and restart. */
export function failureRules(rows: readonly FailureRow[], own: RowValues = {}): readonly FailureRule[] {
  const known: RowValues = { ...commonValues, ...own };
  return rows.map(([match, code, message, fix, { id = camelCase(code), families, when } = {}]) => {
    const made = reasons('preflight', { [id]: { message, fix } })[id] as
      | Reason
      | ((values: Readonly<Record<string, Value>>) => Reason);
    const names = [...(message + fix).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const findValue = (name: string, context: RuleContext, groups: PatternGroups): Value => {
      const value = groups[name] ?? known[name]?.(context, groups);
      if (value === undefined) throw new RangeError(`no value {${name}} of a failure`);
      return value;
    };
    return {
      code,
      match,
      explain: (context, groups) =>
        typeof made === 'function'
          ? made(Object.fromEntries(names.map((name) => [name, findValue(name, context, groups)])))
          : made,
      ...(families === undefined ? {} : { families }),
      ...(when === undefined ? {} : { when }),
    };
  });
}

/** Code, message and fix of a daemon whose `default-ulimits` have an entry without a name. */
export const namelessLimit = [
  'rlimit-nameless',
  'the daemon gives containers a limit without a name: dockerd does not take it from the key of "default-ulimits"',
  'add to each entry of "default-ulimits" in {file} its "Name", such as "Name": "nofile"; {restart}',
] as const;
