import { messages } from '../../../../core/messages/define.ts';
import { familyOf } from '../../../../core/runtimes/registry.ts';
import { chartName } from '../../../../report/charts/grammar/palette.ts';
import type { Waterfall, WaterfallStep } from '../../../../report/charts/grammar/waterfall.ts';
import type { ReportContext } from '../../../../report/context.ts';
import { formatRatio, formatValue } from '../../../../report/format.ts';
import { subjectLabel } from '../../../../report/labels.ts';
import { plainText } from '../../../../report/sanitize.ts';
import type { Attribution, Cause } from '../../predict/prediction.ts';
import { type ExplainedApplication, whyIn } from '../../predict/why.ts';
import { featureName } from '../../predict/words.ts';

const words = messages('chart.why', {
  others: '{n} other {n, plural, one {cause} other {causes}}',
  rest: 'unexplained rest',
  each: '{n} of {each} for each unit of work',
  under: '{application} under {runtime}',
});

/** Number of causes with their own bars. */
const namedCauses = 6;
/** Causes below this share of the runtime's CPU time are combined. */
const smallShare = 0.01;

/** Attributions to draw: first the costliest parameters of each application and runtime, then the others by cost. */
export function whyPictures(context: ReportContext): readonly ExplainedApplication[] {
  const own = new Set(
    context.run.runtimes
      .filter(({ family }) => familyOf(family).kernel !== 'host')
      .map(({ entry }) => entry.name),
  );
  const ratioOf = ({ attribution: { subjectNs, nativeNs } }: ExplainedApplication) => subjectNs / nativeNs;
  const explained = (whyIn(context)?.explained ?? []).filter(({ attribution }) =>
    own.has(attribution.runtime),
  );
  const groups = Map.groupBy(explained, ({ workload, attribution }) =>
    JSON.stringify([workload, attribution.runtime]),
  );
  return [...groups.values()]
    .flatMap((group) => group.toSorted((a, b) => ratioOf(b) - ratioOf(a)).map((one, rank) => ({ one, rank })))
    .toSorted((a, b) => a.rank - b.rank || ratioOf(b.one) - ratioOf(a.one))
    .map(({ one }) => one);
}

/** A step of the waterfall: one cause, or several small causes combined. */
interface WaterfallPart {
  readonly name: string;
  readonly kind: WaterfallStep['kind'];
  readonly ns: number;
  readonly note: string;
}

/** The largest causes, the other causes combined, then the unexplained rest. */
function partsOf({ causes, subjectNs }: Attribution, { t, lang }: ReportContext): readonly WaterfallPart[] {
  const kindOf = (ns: number) => (ns < 0 ? ('less' as const) : ('more' as const));
  const known = causes.filter(({ cause }) => cause !== 'rest');
  const large = known
    .toSorted((a, b) => Math.abs(b.ns) - Math.abs(a.ns))
    .slice(0, namedCauses)
    .filter(({ ns }) => Math.abs(ns) >= smallShare * subjectNs);
  // A single remaining cause keeps its own name.
  const main = large.length === known.length - 1 ? known : large;
  const others = known.filter((cause) => !main.includes(cause));
  const note = ({ cause, count, ns }: Cause) =>
    count === null || cause === 'user'
      ? ''
      : t(words.each({ n: formatValue(count, 'count', lang), each: formatValue(ns / count, 'ns', lang) }));
  const sum = others.reduce((total, { ns }) => total + ns, 0);
  const rest = causes.find(({ cause }) => cause === 'rest');
  const named = known.filter((cause) => main.includes(cause));
  return [
    ...named.flatMap((each): readonly WaterfallPart[] => {
      const { cause, ns } = each;
      return cause === 'rest'
        ? []
        : [{ name: t(featureName(cause)), kind: kindOf(ns), ns, note: note(each) }];
    }),
    ...(others.length === 0
      ? []
      : [{ name: t(words.others({ n: others.length })), kind: kindOf(sum), ns: sum, note: '' }]),
    ...(rest === undefined ? [] : [{ name: t(words.rest), kind: 'rest' as const, ns: rest.ns, note: '' }]),
  ];
}

/** The waterfall of one application under one runtime. */
export function waterfallOf(explained: ExplainedApplication, context: ReportContext): Waterfall {
  const { t, lang } = context;
  const { attribution } = explained;
  const { runtime, nativeNs, subjectNs } = attribution;
  const native = whyIn(context)?.native ?? context.analysis.baseline;
  const application = plainText(subjectLabel({ ...explained, profile: 'default', layer: 'docker' }));
  const value = (ns: number) => formatValue(ns, 'ns', lang);
  const title = t(words.under({ application, runtime: chartName(runtime) }));
  const step = (
    name: string,
    kind: WaterfallStep['kind'],
    [from, to]: readonly [number, number],
    label: string,
    note = '',
  ): WaterfallStep => ({
    name,
    kind,
    label,
    from: from / nativeNs,
    to: to / nativeNs,
    tip: [title, `${name}: ${label}`, note].filter((line) => line !== '').join('\n'),
  });
  let at = nativeNs;
  const between = partsOf(attribution, context).map(({ name, kind, ns, note }) => {
    const from = at;
    at += ns;
    return step(name, kind, [from, at], `${ns < 0 ? '−' : '+'}${value(Math.abs(ns))}`, note);
  });
  return {
    title,
    runtime,
    steps: [
      step(chartName(native), 'begin', [0, nativeNs], value(nativeNs)),
      ...between,
      step(
        chartName(runtime),
        'end',
        [0, subjectNs],
        `${value(subjectNs)}, ${formatRatio(subjectNs / nativeNs, lang)}`,
      ),
    ],
  };
}
