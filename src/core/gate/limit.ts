import { type Reason, reasons } from '../messages/define.ts';
import type { GateReference } from '../model/analysis/gate.ts';
import { nearest, suggestName } from '../model/nearest.ts';
import type { Layer } from '../model/trial/cell.ts';
import type { Category, Unit } from '../model/workload/metric.ts';

const text = reasons('gate', {
  noLimit: {
    message: "must be a limit, but is ''{value}''",
    fix: "write an operator and a number: ''< 2.1x'', ''< +10%'', ''> 0.9x'' or ''< 25 MiB''",
  },
  signedPercent: {
    message: "''{value}'' can mean a share or a change",
    fix: "write the change with its sign, ''+10%'' or ''-5%'', or a ratio: ''1.1x''",
  },
  unsigned: {
    message: "''{value}'' has a sign, which only a change in percent can have",
    fix: 'remove the sign',
  },
  notPositive: { message: "''{value}'' is not a ratio or value above 0", fix: 'write a greater number' },
  unknownUnit: { message: "''{unit}'' is not a unit" },
});

const operators = ['<', '<=', '>', '>='] as const;
export type Operator = (typeof operators)[number];

/** A bound of a figure. */
export interface Limit {
  readonly operator: Operator;
  /** A ratio, or a value in the base unit. */
  readonly value: number;
  /** `x`: a ratio. `plain`: a number without a unit, for a count or a share. Else the base unit. */
  readonly unit: 'x' | 'plain' | Exclude<Unit, 'count' | 'ratio'>;
  /** The limit as written, with a single space: `< 2.1x`. */
  readonly text: string;
}

interface LimitUnit {
  readonly unit: Exclude<Limit['unit'], 'x' | 'plain'>;
  readonly factor: number;
}

const times = { ns: 1, µs: 1e3, us: 1e3, ms: 1e6, s: 1e9 } as const;
const sizes = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
} as const;
const counts = { 'ops/s': 1, 'kops/s': 1e3, 'Mops/s': 1e6 } as const;

const all = <T extends Readonly<Record<string, number>>>(of: T, unit: LimitUnit['unit'], end = '') =>
  Object.entries(of).map(([name, factor]): [string, LimitUnit] => [`${name}${end}`, { unit, factor }]);

const units: ReadonlyMap<string, LimitUnit> = new Map([
  ...all(times, 'ns'),
  ...all({ ns: times.ns, µs: times.µs, us: times.us, ms: times.ms }, 'ns/op', '/op'),
  ...all(sizes, 'bytes'),
  ...all(sizes, 'bytes/s', '/s'),
  ...all(counts, 'ops/s'),
]);

/** Names of units that a limit may have for a figure in this unit. */
export function unitNames(unit: Unit): readonly string[] {
  return [...units].flatMap(([name, known]) => (known.unit === unit ? [name] : []));
}

/** An operator, a number with an optional sign, and a unit. */
const shape = /^(<=|>=|<|>|≤|≥)\s*([+−-]?)(\d{1,15}(?:\.\d{1,9})?)\s*(\S{0,12})$/;
const spelled: Readonly<Record<string, Operator>> = { '≤': '<=', '≥': '>=' };

/** Parse `< 2.1x`, `< +10%`, `>= 0.9x`, `< 25 MiB`; a reason where the text is not a limit. */
export function parseLimit(
  written: string,
): { readonly ok: true; readonly limit: Limit } | { readonly ok: false; readonly reason: Reason } {
  const value = written.trim();
  const match = shape.exec(value);
  if (match === null) return refused(text.noLimit({ value: written }));
  const [, sign = '', signed = '', digits = '', unit = ''] = match;
  const operator = spelled[sign] ?? (sign as Operator);
  const made = (number: number, of: Limit['unit']) =>
    number > 0
      ? ({
          ok: true,
          limit: { operator, value: number, unit: of, text: `${operator} ${signed}${digits}${gap(unit)}` },
        } as const)
      : refused(text.notPositive({ value: written }));
  if (unit === '%') {
    if (signed === '') return refused(text.signedPercent({ value: written }));
    return made(1 + (signed === '+' ? 1 : -1) * (Number(digits) / 100), 'x');
  }
  if (signed !== '') return refused(text.unsigned({ value: written }));
  if (unit === 'x' || unit === '×') return made(Number(digits), 'x');
  if (unit === '') return made(Number(digits), 'plain');
  const known = units.get(unit);
  if (known !== undefined) return made(Number(digits) * known.factor, known.unit);
  return refused(unknownUnit(unit));
}

/** The reason for an unknown unit. Names of one or two letters are too short for suggestions, except for a wrong case. */
function unknownUnit(unit: string): Reason {
  const names = ['%', 'x', ...units.keys()];
  const sameLetters = names.find((name) => name.toLowerCase() === unit.toLowerCase());
  const guess = sameLetters ?? (unit.length > 2 ? nearest(unit, names) : null);
  return text.unknownUnit({ unit, fix: suggestName(unit, names, guess) });
}

/** `2.1x`, `+10%`, but `25 MiB`. */
const gap = (unit: string) => (/^[x×%]?$/.test(unit) ? unit : ` ${unit}`);

const refused = (reason: Reason) => ({ ok: false, reason }) as const;

/** Does the limit bound the figure from above or from below? */
export function bounds({ operator }: Pick<Limit, 'operator'>): 'above' | 'below' {
  return operator.startsWith('<') ? 'above' : 'below';
}

/** One limit of `gate` in the configuration: its text, or an object that also names the reference. */
export type LimitSetting = string | { readonly limit: string; readonly vs?: GateReference | undefined };

/** `gate` of the configuration: `RUNTIME WORKLOAD` or `RUNTIME CATEGORY` → one or several limits. */
export type GateSettings = Readonly<Record<string, LimitSetting | readonly LimitSetting[]>>;

/** The subject of a gate, under one runtime and layer. */
export type GateSubject =
  | {
      readonly kind: 'workload';
      readonly workload: string;
      /** Canonical parameters; null: each set of parameters of the workload must meet the limit. */
      readonly params: string | null;
      /** The workload's headline. */
      readonly metric: string;
      readonly unit: Unit;
    }
  | { readonly kind: 'category'; readonly category: Category };

/** A parsed limit whose names are known, and whose unit fits. */
export interface Gate {
  readonly runtime: string;
  readonly subject: GateSubject;
  readonly layer: Layer;
  readonly limit: Limit;
  /** null: the limit is an absolute value, not a ratio. */
  readonly vs: GateReference | null;
}
