import { asMessage } from '../model/failure/said.ts';
import type { Workload } from '../model/workload/workload.ts';

type OptionalKey = 'description' | 'presets' | 'parameters' | 'precision' | 'observe';

/** A user's own workload; keys with common defaults may be left out. */
export type OwnWorkload = Omit<Workload, OptionalKey> & Partial<Pick<Workload, OptionalKey>>;

/**
 * Fill in the defaults of a workload of bench.config.ts: measured once in every preset, without parameters, with the
 * time series on, until its ratio has a precision of 5 %. Values are checked when the file is loaded.
 */
export function defineWorkload(own: OwnWorkload): Workload {
  return {
    description: asMessage(own.title).text,
    presets: { quick: [{}], standard: [{}], full: [{}], lab: [{}] },
    parameters: {},
    precision: 0.05,
    observe: { kind: 'series' },
    ...own,
  };
}
