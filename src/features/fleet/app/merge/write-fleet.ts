import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { sayAnywhere, sayInFiles } from '../../../../core/messages/command.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { removeNames } from '../../../../core/store/files.ts';
import type { Block } from '../../../../report/document/document.ts';
import type { PagePictures } from '../../../../report/document/page-parts.ts';
import type { Fleet } from '../../merge/fleet-record.ts';
import type { FleetChart } from '../../report/charts.ts';

/** The page with the names of a class. Everything else that is written has none. */
export const teacherPage = 'teacher.html';

const chartFile = /^fleet-[a-z0-9-]+\.(?:svg|png|vl\.json)$/;

interface FleetFiles {
  readonly place: string;
  readonly lang: Lang;
  readonly forClass: boolean;
  /** The same fleet with names, and what each run answers by its origin, for {@link teacherPage}; null for no such page. */
  readonly named: { readonly fleet: Fleet; readonly answers: ReadonlyMap<string, readonly Block[]> } | null;
}

/** Writes the files of a fleet, all or none, and removes the charts and the page with names of an earlier fleet. */
export async function writeFleet(
  app: AppContext,
  fleet: Fleet,
  { place, lang, forClass, named }: FleetFiles,
): Promise<void> {
  const { fleetCharts } = await import('../../report/charts.ts');
  const { fleetBlocks, fleetPage } = await import('../../report/blocks.ts');
  const { fleetCsv } = await import('../../report/csv.ts');
  const { renderMarkdown } = await import('../../../../report/renderers/markdown.ts');
  const charts = fleetCharts(fleet, lang);
  const files = new Map<string, string | Uint8Array>();
  for (const { id, titled } of charts) {
    const { svg, png } = await app.pictures.chart(titled);
    files.set(join(place, 'charts', `${id}.vl.json`), `${JSON.stringify(titled)}\n`);
    files.set(join(place, 'charts', `${id}.svg`), svg);
    files.set(join(place, 'charts', `${id}.png`), await png);
  }
  // On a projector a command is everybody's: it holds no path of whoever merged.
  const blocksOf = (of: Fleet, drawn: readonly FleetChart[]) =>
    (forClass ? sayAnywhere : sayInFiles)(() => fleetBlocks(of, { lang, charts: drawn, forClass }));
  const blocks = blocksOf(fleet, charts);
  files.set(join(place, 'fleet.json'), `${JSON.stringify(fleet, null, 1)}\n`);
  files.set(join(place, 'fleet.csv'), fleetCsv(fleet));
  files.set(join(place, 'report.md'), renderMarkdown(blocks, lang, 'charts'));
  files.set(join(place, 'report.html'), fleetPage(fleet, blocks, lang, await drawnFor(app, charts)));
  if (named !== null) {
    const own = fleetCharts(named.fleet, lang);
    const { answerChapters } = await import('../../report/answers.ts');
    const blocks = [...blocksOf(named.fleet, own), ...answerChapters(named.fleet, named.answers, lang)];
    const page = fleetPage(named.fleet, blocks, lang, await drawnFor(app, own));
    files.set(join(place, teacherPage), page);
  }
  await app.store.writeTogether(files);
  const written = new Set([...files.keys()].map((path) => basename(path)));
  const present = await readdir(join(place, 'charts')).catch(() => []);
  const earlier = present.filter((name) => chartFile.test(name) && !written.has(name));
  await removeNames(join(place, 'charts'), earlier);
  if (named === null) await removeNames(place, [teacherPage]);
}

async function drawnFor(
  app: AppContext,
  charts: readonly FleetChart[],
): Promise<Readonly<Record<string, PagePictures>>> {
  const svgs: Record<string, PagePictures> = {};
  for (const { id, wide, narrow } of charts)
    svgs[id] = { wide: await app.pictures.svg(wide), narrow: await app.pictures.svg(narrow) };
  return svgs;
}
