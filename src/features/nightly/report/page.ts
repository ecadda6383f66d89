import { translate } from '../../../core/messages/translate.ts';
import type { PagePictures } from '../../../report/document/page-parts.ts';
import { staticPage } from '../../../report/document/static-page.ts';
import { type NightsInput, reportBlocks, reportTitle } from './blocks.ts';
import type { HostNights } from './host-nights.ts';

/** Beside the styles of a report: pictures in lines of text, and states that are better or worse. */
const styles = `.spark { border: 0; padding: 0; }
.spark svg { max-width: none; margin: 0; }
.verdict.bad { color: var(--worse-3); font-weight: 650; }
.verdict.good { color: var(--better-3); font-weight: 650; }
tr:has(.spark) > * { vertical-align: middle; padding-block: .05rem; min-width: 0; }
.group td[colspan] { color: var(--soft); padding-top: .8rem; }
th .anchor { white-space: nowrap; }
td:last-child { min-width: 9rem; }
`;

/** The report of a history as one file without scripts. `pictures`: name → course of a series as SVG. */
export function reportPage(
  hosts: readonly HostNights[],
  input: NightsInput,
  pictures: ReadonlyMap<string, string>,
): string {
  const svgs: Readonly<Record<string, PagePictures>> = Object.fromEntries(
    [...pictures].map(([name, svg]) => [name, { wide: svg, narrow: svg }]),
  );
  return staticPage(reportBlocks(hosts, input), {
    lang: input.lang,
    title: translate(reportTitle, input.lang),
    svgs,
    runtimes: [],
    styles,
  });
}
