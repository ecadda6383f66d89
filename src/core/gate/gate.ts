import type { Layer } from '../model/cell.ts';
import type { GateReference } from '../model/gate.ts';
import type { Category, Unit } from '../model/metric.ts';
import type { Limit } from './limit.ts';

/** One limit of `gate` in the configuration: the text alone, or with what its figure is held against. */
export type LimitSetting = string | { readonly limit: string; readonly vs?: GateReference | undefined };

/** `gate` of the configuration: `RUNTIME WORKLOAD` or `RUNTIME CATEGORY` → one or several limits. */
export type GateSettings = Readonly<Record<string, LimitSetting | readonly LimitSetting[]>>;

/** What a gate is about, under one runtime and layer. */
export type GateSubject =
  | {
      readonly kind: 'workload';
      readonly workload: string;
      /** Canonical; null: each of its sets of parameters has to keep the limit. */
      readonly params: string | null;
      /** The workload's headline. */
      readonly metric: string;
      readonly unit: Unit;
    }
  | { readonly kind: 'category'; readonly category: Category };

/** A limit whose names are known, and whose units fit. */
export interface Gate {
  readonly runtime: string;
  readonly subject: GateSubject;
  readonly layer: Layer;
  readonly limit: Limit;
  /** null: the limit is a value, and not a ratio to anything. */
  readonly vs: GateReference | null;
}
