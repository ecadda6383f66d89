import { messages } from '../../core/messages/define.ts';
import { chartName, runtimeColors } from '../charts/grammar/palette.ts';
import { pageLook } from '../charts/grammar/theme.ts';
import type { Chart } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import type { PageScript } from '../page-script.ts';
import type { PageChart, PageData, PageSpec } from './page-data.ts';

const words = messages('page', {
  nothingShown: 'Every runtime of this chart is hidden.',
  foundNone: 'no test',
  foundOne: '1 test',
  foundMany: '{n} tests',
});

/** The pictures of a chart in report.html, as SVG. */
export type PagePictures = Readonly<Record<keyof PageChart, string>>;

/** Parts of report.html beside its content. */
export interface PageParts {
  /** In report order; the page identifies runtimes by index. */
  readonly runtimes: readonly { readonly name: string; readonly color: string }[];
  readonly data: PageData;
  /** null: a page of only text and pictures. */
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
  const drawn = charts.flatMap((chart) => ('absent' in chart ? [] : [chart]));
  return {
    runtimes: runtimes.map((name) => ({ name, color: colors.get(name) ?? '#6b6b6b' })),
    data: {
      runtimes: runtimes.map(chartName),
      charts: Object.fromEntries(
        drawn.map(({ id, spec, narrow }): [string, PageChart] => [
          id,
          { wide: bareSpec(spec), narrow: bareSpec(narrow) },
        ]),
      ),
      config: { ...(drawn[0]?.spec.config as PageSpec | undefined), ...pageLook },
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

/** The chart's specifications for its static pictures. */
export function pictureSpecs({ spec, narrow }: Extract<Chart, { spec: unknown }>): PageChart {
  const picture = ({ title, config, ...rest }: PageSpec) => ({
    ...rest,
    config: { ...(config as PageSpec), ...pageLook },
  });
  return { wide: picture(spec), narrow: picture(narrow) };
}
