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
  foundNone: 'no workload',
  foundOne: '1 workload',
  foundMany: '{n} workloads',
});

/** Parts of report.html beside its content. */
export interface PageParts {
  /** In report order; the page identifies runtimes by index. */
  readonly runtimes: readonly { readonly name: string; readonly color: string }[];
  readonly data: PageData;
  /** null: a page of text and pictures alone. */
  readonly script: PageScript | null;
}

/** Collects the input of the page's script. */
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
      found: [t(words.foundNone), t(words.foundOne), t(words.foundMany({ n: '{n}' }))],
    },
    script,
  };
}

/**
 * A chart without title and config for report.html: the caption has the title and subtitle, and the config is shared.
 */
function bareSpec({ title, config, $schema, description, ...view }: PageSpec): PageSpec {
  return view;
}

/** The chart's specification for its static picture. */
export function pictureSpec({ title, config, ...rest }: PageSpec): PageSpec {
  return { ...rest, config: pageLook(config as PageSpec) };
}

/** Transparent background, so that the page's light or dark one shows. */
function pageLook(config: PageSpec = {}): PageSpec {
  return { ...config, background: 'transparent', padding: 8 };
}
