import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { enginesOf } from '../../../core/model/run/run.ts';
import { workKey } from '../../../core/model/trial/cell.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  type Block,
  chapter,
  code,
  list,
  paragraph,
  type Text,
  text,
} from '../../../report/document/document.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import type { Section } from '../../../report/sections/section.ts';
import { directTable, isClaim, noteworthy } from '../../../report/tables/direct-table.ts';
import { words as shared } from '../../../report/words/common.ts';

const words = messages('section.engines', {
  title: 'Engines',
  intro:
    'The same runtime in each engine, relative to itself in {first}, in the same blocks: engine ÷ {first}. The table lists the main metric of every workload, and other metrics only where a difference is claimed. The rest is in summary.csv (baseline_engine). Claims are corrected within each engine and runtime.',
  gist: '{n, plural, =0 {no difference is claimed} one {{n} difference is claimed} other {{n} differences are claimed}}',
  caption: '{engine} relative to {first}',
  ran: 'Programs that really ran, read from the processes:',
  engine: 'engine',
  program: 'program',
  version: 'version',
  unlike:
    'The runtime {runtime} is not the same program in every engine ({versions}): its figures include the difference between these programs.',
  found: '{engine}: {version}',
});

/** The effect of engines: the programs that ran, and each runtime in each engine compared with itself in the first. */
export default {
  id: 'engines',
  order: 320,
  blocks(context) {
    const { analysis, run, t } = context;
    const [first = '', ...others] = enginesOf(run.config);
    const { engines: rows } = analysis;
    if (rows === undefined) return [];
    const shown = noteworthy(rows);
    const n = shown.filter(isClaim).length;
    const medians = mediansOf(context, first);
    return [
      chapter({ title: t(words.title), id: 'engines', gist: [text(t(words.gist({ n })))], open: true }, [
        paragraph(text(t(words.intro({ first })))),
        ...list(unlikeRuntimes(context)),
        ...others.flatMap((engine): readonly Block[] => {
          const own = shown.filter((row) => row.engine === engine).map(({ engine: _, ...row }) => row);
          if (own.length === 0) return [];
          const caption = t(words.caption({ engine, first }));
          const table = directTable(own, { caption, before: medians, first, second: engine }, context);
          return [folded(caption, own.filter(isClaim).length, [table], context)];
        }),
        ...programTable(context),
      ]),
    ];
  },
} satisfies Section;

/** The table of an engine, with the number of its claims. */
function folded(title: string, claims: number, blocks: readonly Block[], { t }: ReportContext): Block {
  return { kind: 'section', title, gist: [text(t(words.gist({ n: claims })))], open: true, blocks };
}

/** Medians of the first engine. */
function mediansOf({ rows }: ReportContext, first: string): (row: SummaryRow) => number | null {
  const key = (row: SummaryRow) => `${row.runtime}|${workKey(row)}|${row.metric}`;
  const own = rows.filter(({ engine }) => engine === first);
  const medians = new Map(own.map((row) => [key(row), row.median]));
  return (row) => medians.get(key(row)) ?? null;
}

/** Runtimes whose program depends on the engine. */
function unlikeRuntimes({ run, t }: ReportContext): readonly Text[] {
  const { engines = [] } = run;
  return run.runtimes.flatMap(({ entry: { name } }): readonly Text[] => {
    const found = engines.map((engine) => ({
      engine: engine.name,
      runtime: engine.runtimes.find((each) => each.name === name),
    }));
    if (new Set(found.map(({ runtime }) => runtime?.sha256 ?? '')).size < 2) return [];
    const versions = found.map(({ engine, runtime }) =>
      words.found({ engine, version: runtime?.version ?? shared.unknown }),
    );
    return [[text(t(words.unlike({ runtime: name, versions: listed(versions) })))]];
  });
}

/** Enough of a digest to distinguish two; run.json has the full one. */
const shortDigest = (digest: string) => `${digest.slice(0, 16)}…`;

/** The programs of every engine, and the shims by which it starts runtimes. */
function programTable({ run, lang, t }: ReportContext): readonly Block[] {
  const { engines = [] } = run;
  const rows = engines.flatMap(({ name: engine, programs, runtimes }) => [
    ...programs.map((each) => ({ ...each, engine })),
    ...runtimes.map(({ name: role, ...each }) => ({ ...each, role, engine })),
  ]);
  if (rows.length === 0) return [];
  return [
    paragraph(text(t(words.ran))),
    tableOf(
      rows,
      [
        [words.engine, ({ engine }) => engine],
        [words.program, ({ role }) => role],
        [words.version, ({ version }) => version ?? shared.unknown],
        ['/proc/PID/exe', ({ path }) => (path === null ? null : code(path))],
        ['SHA-256', ({ sha256 }) => (sha256 === null ? null : code(shortDigest(sha256)))],
      ],
      lang,
      words.ran,
    ),
  ];
}
