import { plainText } from '../../../../report/document/sanitize.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value of a metric at a time. */
export interface ExpositionSample {
  /** Labels as text, as {@link labelsText} writes them. */
  readonly labels: string;
  readonly value: number;
  /** Time of measurement; ISO 8601, UTC. */
  readonly at: string;
}

/** A metric with its samples. All are gauges. */
export interface MetricFamily {
  readonly name: string;
  /** One line without backslashes. */
  readonly help: string;
  readonly samples: readonly ExpositionSample[];
}

/** Labels as both formats write them: escapes backslashes and quotes, removes line breaks and other control characters. */
export function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${plainText(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Seconds since 1970. A wall-clock timestamp: not for durations. */
export const epochSeconds = (at: string) => Number(new Date(at)) / 1000;

/** Text of labels → time → value. Of several values at one time, the last counts, as in the history. */
function grouped({ samples }: MetricFamily): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const metrics = new Map<string, Map<number, number>>();
  for (const { labels, value, at } of samples) {
    const metric = metrics.get(labels) ?? new Map<number, number>();
    metric.set(epochSeconds(at), value);
    metrics.set(labels, metric);
  }
  return metrics;
}

const head = ({ name, help }: MetricFamily) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;

/** OpenMetrics 1.0 with times: samples are grouped by metric, oldest first. */
export function openMetricsText(families: readonly MetricFamily[]): string {
  const parts = families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => {
      const lines = [...grouped(family)].flatMap(([labels, values]) =>
        [...values]
          .toSorted(([a], [b]) => a - b)
          .map(([at, value]) => `${family.name}${labels} ${value} ${at}\n`),
      );
      return head(family) + lines.join('');
    });
  return `${parts.join('')}# EOF\n`;
}

/** The text format of Prometheus, without times: the newest value of each metric. */
export function prometheusText(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => {
      const lines = [...grouped(family)].map(([labels, values]) => {
        const newest = Math.max(...values.keys());
        return `${family.name}${labels} ${values.get(newest)}\n`;
      });
      return head(family) + lines.join('');
    })
    .join('');
}
