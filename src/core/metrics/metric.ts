import { message } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { Better, MetricDefinition, Unit } from '../model/workload/metric.ts';
import type { V1Source, V2Source } from './cgroup/source.ts';

/** A metric that the harness itself derives, for every workload. */
export interface HarnessMetric extends MetricDefinition {
  /** Name in tables and charts, message `metric.<id>`; absent where the name of its family (`pss.*`) is used. */
  readonly label?: Message;
}

/** A figure of a cgroup, and where each version of cgroups keeps it. One id has one meaning on v1 and v2. */
export interface CgroupMetric extends HarnessMetric {
  readonly v2: V2Source;
  readonly v1: V1Source;
  /** True if the value describes one instant, so that it has no meaning after the container's end. */
  readonly gauge?: true;
}

interface MetricWords {
  readonly id: string;
  readonly unit: Unit;
  readonly better: Better;
  /** English name in tables and charts. */
  readonly label: string;
  /** Meaning and source, for `ocibench list metrics` and the docs. */
  readonly description: string;
}

/** A metric, and its name as a message. */
export function metric(words: MetricWords): HarnessMetric {
  return { ...words, label: labelOf(words) };
}

/** A metric that is read from a cgroup. */
export function cgroupMetric(entry: MetricWords & Pick<CgroupMetric, 'v1' | 'v2' | 'gauge'>): CgroupMetric {
  return { ...entry, label: labelOf(entry) };
}

const labelOf = ({ id, label }: MetricWords) => message(`metric.${id}`, label);
