import { parseTree } from 'jsonc-parser';
import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import { optionOf, whyNotMeasured } from './catalogue.ts';
import { sayDefault, sayReach, sayValues, shorten } from './explain-value.ts';

/** One setting of a daemon.json: a key with its dependent keys. */
export interface DaemonSetting {
  /** The leading key first. */
  readonly keys: readonly (keyof DaemonConfig)[];
  /** The values for dockerd. */
  readonly values: Readonly<Partial<DaemonConfig>>;
  /** Line of the leading key, from 1. */
  readonly line: number;
  /** The setting as JSON, as its owner wrote it: not for records. */
  readonly shown: string;
  /** What these values do. */
  readonly what: Message;
  /** What dockerd does without the line. */
  readonly usual: Message;
  /** Which containers it reaches, and after what. */
  readonly reach: Message;
  /** Why its cost cannot be measured; null if it can. */
  readonly notMeasured: Message | null;
  /** Categories of workloads in which it can act; null: all. */
  readonly acts: readonly Category[] | null;
}

/** The settings of a valid daemon.json in the order of its lines. `source` is the text that `config` was parsed from. */
export function settingsOf(source: string, config: DaemonConfig): readonly DaemonSetting[] {
  const lines = linesOf(source);
  const present = (Object.keys(config) as (keyof DaemonConfig)[]).filter((key) => config[key] !== undefined);
  const led = new Set(present.flatMap((key) => optionOf(key).having ?? []).filter((key) => key in config));
  return present
    .filter((key) => !led.has(key))
    .map((key) => {
      const keys = [key, ...(optionOf(key).having ?? []).filter((each) => config[each] !== undefined)];
      const values: Partial<DaemonConfig> = Object.fromEntries(keys.map((each) => [each, config[each]]));
      return {
        keys,
        values,
        line: lines.get(key) ?? 1,
        shown: keys.map((each) => `${JSON.stringify(each)}: ${shown(each, config[each])}`).join(', '),
        what: sayValues(values),
        usual: sayDefault(key, config[key]),
        reach: sayReach(key, config[key]),
        notMeasured: whyNotMeasured(key, values),
        acts: optionOf(key).acts ?? null,
      };
    })
    .toSorted((a, b) => a.line - b.line);
}

function shown(key: string, value: unknown): string {
  return shorten(JSON.stringify(key === 'runtimes' ? Object.keys(value ?? {}) : value));
}

/** The line of each key at the top level. */
function linesOf(source: string): ReadonlyMap<string, number> {
  const body = source.replace(/^\uFEFF/, '');
  const lines = new Map<string, number>();
  for (const property of parseTree(body)?.children ?? []) {
    const [name] = property.children ?? [];
    if (name !== undefined) lines.set(String(name.value), body.slice(0, name.offset).split('\n').length);
  }
  return lines;
}
