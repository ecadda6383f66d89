import type { Lang } from '../../core/messages/message.ts';
import { BlockRenderer } from '../renderers/html/blocks.ts';
import { contents, pageHead } from '../renderers/html.ts';
import type { Block } from './document.ts';
import type { PageParts, PagePictures } from './page-parts.ts';
import { stylesheet } from './stylesheet.ts';

/** Content-Security-Policy: no scripts and no requests. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders blocks as one file without scripts: text, tables and pictures. */
export function staticPage(
  blocks: readonly Block[],
  of: {
    readonly lang: Lang;
    readonly title: string;
    readonly svgs: Readonly<Record<string, PagePictures>>;
    readonly runtimes: PageParts['runtimes'];
    /** Beside those of a report. */
    readonly styles?: string;
  },
): string {
  const { lang, title, svgs, runtimes, styles = '' } = of;
  const renderer = new BlockRenderer({ lang, svgs, page: { runtimes } });
  return `${pageHead({ lang, title, policy, styles: `${stylesheet(runtimes.map(({ color }) => color))}${styles}` })}
<body>
<header class="bar">
${contents(blocks, lang)}
</header>
<main id="report" tabindex="-1">
${renderer.blocks(blocks)}
</main>
</body>
</html>
`;
}
