import { listed } from '../messages/compose.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import type { GateReference } from '../model/analysis/gate.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { suggestName } from '../model/nearest.ts';
import type { Workload } from '../model/workload/workload.ts';
import {
  bounds,
  type Gate,
  type GateSettings,
  type Limit,
  type LimitSetting,
  parseLimit,
  unitNames,
} from './limit.ts';
import { type GateTarget, namedIn } from './subject.ts';

const words = messages('gate', { more: 'more', less: 'less', plain: 'a number without a unit' });
const text = reasons('gate', {
  unknownRuntime: { message: "there is no runtime ''{name}''" },
  ofValue: {
    message: "''{limit}'' is a value, not a change relative to ''{vs}''",
    fix: 'write a ratio or a percentage, or remove vs',
  },
  ofCategory: {
    message: "''{limit}'' is a value, but a category has only ratios",
    fix: "write a ratio such as ''< 1.5x'', or name one workload",
  },
  otherUnit: {
    message: "''{limit}'' does not fit: {workload} is measured in {unit}",
    fix: 'write a ratio such as 1.1x or +10%, or a value in {units}',
  },
  itself: {
    message: "''{runtime}'' is what the others are compared with: its ratio to itself is 1",
    fix: 'limit its value, or name with vs what to compare it with',
  },
  isPin: {
    message: "''{runtime}'' is a pinned copy itself",
    fix: 'name the runtime that was pinned, or another vs',
  },
  wrongWay: {
    message: "''{limit}'' holds however bad it gets: {better} is better here",
    fix: "reverse it, or add a second limit with ''{operator}''",
  },
});

/** Names that a gate may contain. */
export interface GateNames {
  /** File of the configuration, for error messages. */
  readonly file: string;
  readonly runtimes: readonly string[];
  /** The runtime with which the others are compared, and its pinned copy. */
  readonly baselines: readonly string[];
  /** Names of pinned copies. */
  readonly pins: readonly string[];
  readonly workloads: readonly Workload[];
}

/** The gates of a configuration, in its order. Where there are problems, all of them and no gates. */
export function gatesOf(
  settings: GateSettings,
  known: GateNames,
): { readonly gates: readonly Gate[]; readonly problems: readonly Problem[] } {
  const each = Object.entries(settings).map(([key, setting]) => {
    const { gates, reasons } = gatesAt(key, setting, known);
    const problems = reasons.map((reason) => problemOf({ file: known.file, key: `gate.${key}` }, reason));
    return { gates, problems };
  });
  const problems = each.flatMap((one) => one.problems);
  return { gates: problems.length === 0 ? each.flatMap(({ gates }) => gates) : [], problems };
}

function gatesAt(
  key: string,
  setting: GateSettings[string],
  known: GateNames,
): { readonly gates: readonly Gate[]; readonly reasons: readonly Reason[] } {
  const { runtime, named, reasons } = namedIn(key, known.workloads);
  const found = [...reasons];
  if (runtime !== null && !known.runtimes.includes(runtime))
    found.push(text.unknownRuntime({ name: runtime, fix: suggestName(runtime, known.runtimes) }));
  const limits: { readonly limit: Limit; readonly vs: GateReference | null }[] = [];
  for (const one of Array.isArray(setting)
    ? (setting as readonly LimitSetting[])
    : [setting as LimitSetting]) {
    const { limit: written, vs } = typeof one === 'string' ? { limit: one, vs: undefined } : one;
    const parsed = parseLimit(written);
    if (!parsed.ok) found.push(parsed.reason);
    else limits.push({ limit: parsed.limit, vs: vs ?? (parsed.limit.unit === 'x' ? 'baseline' : null) });
  }
  if (runtime === null || named === null) return { gates: [], reasons: found };
  for (const { limit, vs } of limits) {
    const wrong = doesNotFit(limit, vs, named) ?? comparesItself(runtime, vs, known);
    if (wrong !== null) found.push(wrong);
  }
  const wrong = wrongWay(
    limits.map(({ limit }) => limit),
    named,
  );
  if (wrong !== null) found.push(wrong);
  const { subject, layer } = named;
  return { gates: limits.map(({ limit, vs }) => ({ runtime, subject, layer, limit, vs })), reasons: found };
}

/** Why a limit does not fit the unit or reference of its subject; a ratio always fits. */
function doesNotFit(
  { unit, text: limit }: Limit,
  vs: GateReference | null,
  { subject }: GateTarget,
): Reason | null {
  if (unit === 'x') return null;
  if (vs !== null) return text.ofValue({ limit, vs });
  if (subject.kind === 'category') return text.ofCategory({ limit });
  const plain = subject.unit === 'count' || subject.unit === 'ratio';
  if (unit === 'plain' ? plain : unit === subject.unit) return null;
  const { workload, unit: measured } = subject;
  const units = plain ? [words.plain] : unitNames(measured);
  return text.otherUnit({ limit, workload, unit: measured, units: listed(units) });
}

function comparesItself(
  runtime: string,
  vs: GateReference | null,
  { baselines, pins }: GateNames,
): Reason | null {
  if (vs === 'baseline' && baselines.includes(runtime)) return text.itself({ runtime });
  return vs === 'pinned' && pins.includes(runtime) ? text.isPin({ runtime }) : null;
}

/** The reason where a subject has no limit in its worse direction: no degradation could then break its gate. */
function wrongWay(limits: readonly Limit[], { better }: GateTarget): Reason | null {
  const [first] = limits;
  const worse = better === 'lower' ? 'above' : 'below';
  if (first === undefined || better === 'neither' || limits.some((limit) => bounds(limit) === worse))
    return null;
  const operator = worse === 'above' ? '<' : '>';
  return text.wrongWay({ limit: first.text, better: better === 'lower' ? words.less : words.more, operator });
}
