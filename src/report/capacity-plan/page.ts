import type { Lang } from '../../messages/message.ts';
import { translate } from '../../messages/translate.ts';
import type { CapacityPlan } from '../../model/capacity-plan.ts';
import { familyOf } from '../../runtimes/registry.ts';
import type { PagePictures } from '../page-parts.ts';
import { BlockRenderer } from '../renderers/html/blocks.ts';
import { contents, pageHead } from '../renderers/html.ts';
import { stylesheet } from '../stylesheet.ts';
import { planBlocks } from './blocks.ts';
import type { PlanChart } from './charts.ts';
import { planWords } from './words.ts';

/** Nothing runs and nothing is loaded. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A plan as one file without scripts: text, tables and pictures. */
export function planPage(
  plan: CapacityPlan,
  lang: Lang,
  charts: readonly PlanChart[],
  svgs: Readonly<Record<string, PagePictures>>,
): string {
  const runtimes = plan.runtimes.map(({ runtime, family }, at) => {
    const { colors } = familyOf(family);
    const before = plan.runtimes.slice(0, at).filter((each) => each.family === family).length;
    return { name: runtime, color: colors[before % colors.length] ?? colors[0] };
  });
  const blocks = planBlocks(plan, lang, charts).flat();
  const renderer = new BlockRenderer({
    lang,
    svgs,
    page: { runtimes },
  });
  const title = translate(planWords.title, lang);
  return `${pageHead({ lang, title, policy, styles: stylesheet(runtimes.map(({ color }) => color)) })}
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
