import type { Lang } from '../../messages/message.ts';
import { translate } from '../../messages/translate.ts';
import { findRole } from '../../runtimes/registry.ts';
import { metricWords } from '../messages/metrics.ts';
import { lookup } from './lookup.ts';

const names = { en: metricWords('en'), fr: metricWords('fr') };

/** A metric in words (a member of a family, such as one system call, in those of its family), or its id where it has none. */
export function metricName(metric: string, lang: Lang): string {
  const own = lookup(names[lang], metric);
  if (own !== undefined) return own;
  const dot = metric.indexOf('.');
  const member = metric.slice(dot + 1);
  const family = lookup(names[lang], `${metric.slice(0, dot)}.*`);
  const role = findRole(member);
  return family?.replace('*', () => (role === undefined ? member : translate(role.name, lang))) ?? metric;
}
