import { joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { formatRatioEstimate } from '../../../report/document/format.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
import type { FleetCategory, FleetComparison } from '../merge/fleet-record.ts';

/** Words that tables, pictures and the terminal of a fleet share. */
export const fleetWords = messages('fleetReport', {
  title: 'Fleet',
  classTitle: 'The class',
  host: 'host',
  hosts: 'hosts',
  hostsAside: '{n} ({aside} far off)',
  runtime: 'runtime',
  category: 'category',
  cost: 'cost',
  another: 'another host',
  spread: 'hosts differ by',
  layer: 'layer {layer}',
  engine: 'engine {engine}',
  variant: 'work {n}',
});

/** The first `most` items, and what stands for the others. */
export function firstOf<T>(items: readonly T[], most: number, more: (n: number) => T): readonly T[] {
  const n = items.length - most;
  return n <= 0 ? items : [...items.slice(0, most), more(n)];
}

/** Parts of a sentence, joined by semicolons as the language writes them. */
export function clauses(parts: readonly string[], lang: Lang): string {
  return translate(joined(parts, 'semicolon'), lang);
}

/** Largest fleet whose hosts are drawn and listed one by one; larger fleets show distributions. */
export const manyHosts = 40;

type QuestionPlace = Pick<FleetCategory, 'layer' | 'engine' | 'variant' | 'arch'>;

/** Architecture, layer, engine and variant in words, where needed to distinguish questions. */
export function particularsOf({ layer, engine, variant, arch }: QuestionPlace, lang: Lang): string {
  return [
    ...(arch === undefined ? [] : [plainText(arch)]),
    ...(layer === 'docker' ? [] : [translate(fleetWords.layer({ layer }), lang)]),
    ...(engine === undefined ? [] : [translate(fleetWords.engine({ engine: plainText(engine) }), lang)]),
    ...(variant === undefined ? [] : [translate(fleetWords.variant({ n: variant }), lang)]),
  ].join(', ');
}

/** `Startup`, with its particulars. */
export function categoryLabel(of: FleetCategory, lang: Lang): string {
  const particulars = particularsOf(of, lang);
  const name = translate(categoryNames[of.category], lang);
  return particulars === '' ? name : `${name} (${particulars})`;
}

/** `io/fio op=read`, with its particulars. */
export function comparisonLabel(of: FleetComparison, lang: Lang): string {
  const { arch, variant } = of;
  return [
    plainText(subjectLabel(of)),
    ...(arch === undefined ? [] : [plainText(arch)]),
    ...(variant === undefined ? [] : [translate(fleetWords.variant({ n: variant }), lang)]),
  ].join(', ');
}

/** `1.52× [1.40, 1.65]`; without brackets if there is no interval. */
export function costShown(cost: number, low: number | null, high: number | null, lang: Lang): string {
  return formatRatioEstimate({ ratio: cost, low, high }, lang);
}
