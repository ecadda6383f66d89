import { messages } from '../messages/define.ts';
import type { PageScript } from '../model/page-script.ts';
import { chartName, runtimeColors } from './charts/grammar/palette.ts';
import type { Chart } from './charts/index.ts';
import type { ReportContext } from './context.ts';
import type { PageData, PageSpec } from './page-data.ts';

const words = messages('page', {
  log: 'log scale',
  linear: 'linear scale',
  nothingShown: 'Every runtime of this chart is hidden.',
});

/** What report.html has beside its content. */
export interface PageParts {
  /** In report order; their places are the numbers by which the page names them. */
  readonly runtimes: readonly { readonly name: string; readonly color: string }[];
  readonly data: PageData;
  /** null: a page of text and pictures alone. */
  readonly script: PageScript | null;
}

/** Gathers what the script of the page works with. */
export function pageParts(
  context: ReportContext,
  charts: readonly Chart[],
  script: PageScript | null,
): PageParts {
  const { t, runtimes } = context;
  const colors = runtimeColors(context);
  const specs = charts.flatMap((chart) => ('absent' in chart ? [] : [[chart.id, chart.spec] as const]));
  return {
    runtimes: runtimes.map((name) => ({ name, color: colors.get(name) ?? '#6b6b6b' })),
    data: {
      runtimes: runtimes.map(chartName),
      charts: Object.fromEntries(specs.map(([id, spec]) => [id, bareSpec(spec)])),
      config: pageLook(specs[0]?.[1].config as PageSpec | undefined),
      scaleWords: { log: t(words.log), linear: t(words.linear) },
      nothingShown: t(words.nothingShown),
    },
    script,
  };
}

/** A chart as report.html shows it: its title and what it says beside stand in the caption, its look is shared. */
function bareSpec({ title, config, $schema, description, ...view }: PageSpec): PageSpec {
  return view;
}

/** The same for drawing the picture that the page has from the beginning. */
export function pictureSpec({ title, config, ...rest }: PageSpec): PageSpec {
  return { ...rest, config: pageLook(config as PageSpec) };
}

/** The page's own paper, light or dark, shows through. */
function pageLook(config: PageSpec = {}): PageSpec {
  return { ...config, background: 'transparent', padding: 8 };
}
