import { messages } from '../../core/messages/define.ts';
import type { SummaryRow, VersionPair } from '../../core/model/analysis/analysis.ts';
import { subjectKey } from '../../core/model/trial/cell.ts';
import { familyOf } from '../../core/runtimes/registry.ts';
import type { ReportContext } from '../context.ts';
import { type Block, chapter, list, paragraph, strong, type Text, text } from '../document/document.ts';
import { claimedFigures } from '../findings/effects.ts';
import { directTable, isClaim, noteworthy } from '../tables/direct-table.ts';
import type { Section } from './section.ts';

const words = messages('section.versions', {
  title: 'Versions',
  intro:
    'Two runtimes of this run that differ only by version, side by side in the same blocks: newer ÷ older. The table holds the main metric of every test, and other metrics that differ significantly. Claims are corrected for each pair of versions by itself.',
  gist: '{n, plural, =0 {no significant change} one {{n} significant change} other {{n} significant changes}}',
  pair: '{product} {newer} ({newerName}) compared with {older} ({olderName})',
  nothing:
    'No significant change. Of {all} {all, plural, one {test} other {tests}}: {equivalent} no difference, {open} inconclusive.',
  rest: 'Of {all} {all, plural, one {test} other {tests}}: {equivalent} no difference, {open} inconclusive.',
});

/** Section on changes between versions of a runtime. */
export default {
  id: 'versions',
  order: 330,
  blocks(context) {
    const { analysis, t } = context;
    const { versions = [] } = analysis;
    if (versions.length === 0) return [];
    const n = versions.flatMap(({ rows }) => noteworthy(rows).filter(isClaim)).length;
    return [
      chapter({ title: t(words.title), id: 'versions', gist: [text(t(words.gist({ n })))], open: true }, [
        paragraph(text(t(words.intro))),
        ...versions.flatMap((pair) => pairBlocks(pair, context)),
      ]),
    ];
  },
} satisfies Section;

function pairBlocks(pair: VersionPair, context: ReportContext): readonly Block[] {
  const { t } = context;
  const rows = noteworthy(pair.rows);
  const key = (row: SummaryRow) => `${subjectKey(row)}|${row.metric}`;
  const olds = context.rows.filter(({ runtime }) => runtime === pair.older);
  const medians = new Map(olds.map((row) => [key(row), row.median]));
  const title = t(
    words.pair({
      product: familyOf(pair.family).product ?? pair.family,
      newer: numberIn(pair.newerVersion),
      newerName: pair.newer,
      older: numberIn(pair.olderVersion),
      olderName: pair.older,
    }),
  );
  return [
    paragraph(strong(title)),
    ...list(changes(rows, context)),
    ...(rows.length === 0
      ? []
      : [
          directTable(
            rows,
            {
              caption: title,
              before: (row) => medians.get(key(row)) ?? null,
              first: pair.older,
              second: pair.newer,
            },
            context,
          ),
        ]),
  ];
}

/** `runc version 1.3.6` → `1.3.6`: the product is already named. */
function numberIn(version: string): string {
  return version.replace(/^.*\bversion\s+/i, '');
}

/** Changes by kind of claim, and the number of undecided headlines. */
function changes(rows: readonly SummaryRow[], { lang, t }: ReportContext): readonly Text[] {
  const headlines = rows.filter(({ headline }) => headline);
  const count = (verdict: SummaryRow['verdict']) => headlines.filter((row) => row.verdict === verdict).length;
  const claimed = claimedFigures(rows, 'semicolon', lang);
  const counts = { all: headlines.length, equivalent: count('equivalent'), open: count('inconclusive') };
  const rest = claimed.length === 0 ? words.nothing(counts) : words.rest(counts);
  return [...claimed, rest].map((message) => [text(t(message))]);
}
