import { messages } from '../messages/define.ts';
import type { Lang, Message } from '../messages/message.ts';
import { translate } from '../messages/translate.ts';
import { type Block, heading, list, text } from '../report/document.ts';
import { BlockRenderer } from '../report/renderers/html/blocks.ts';
import { contents, pageHead, phrase, themeChoice } from '../report/renderers/html.ts';
import { alarmBlocks } from './alarms.ts';
import { htmlCalendar } from './calendar.ts';
import { type DashboardData, siteVersion } from './data.ts';
import { headOf, nightMarks } from './heads.ts';
import type { SiteInput } from './input.ts';
import { htmlSeriesList } from './list.ts';
import { stateMatrix } from './matrix.ts';
import { nightsTable } from './nights.ts';
import { plainJson } from './plain-json.ts';
import type { HostView } from './series-view.ts';
import { dashboardStyles } from './styles.ts';
import { summaryBlocks } from './summary.ts';
import { scriptWords } from './words.ts';

const words = messages('dashboard', {
  title: 'Nights of container runtimes',
  skip: 'Skip to the nights',
  state: 'How it is',
  alarms: 'Alarms',
  nights: 'Nights',
  everyNight: 'Every night, and why one was not measured',
  series: 'Series',
  damaged: 'Left out of the history',
  damagedLine: '{file}, line {line}: {why}',
  otherHost: 'Host {host}',
  filter: 'Filter',
  controls: 'What is shown, and how',
  search: 'Search series',
  moved: 'only what moved or is suspect',
  kind: 'Kind',
  everyKind: 'all',
  pin: 'runtime to its own pin',
  baseline: "pin to the baseline''s pin",
  none: "baseline''s pin itself",
  noScript: 'The pages of single series need scripts; ocibench history show tells the same.',
  other: 'Français',
});

/** An arm of the pages, and its colour. */
export interface Arm {
  readonly name: string;
  readonly color: string;
}

/** The other language, and the file that has it. */
const others = { en: 'fr', fr: 'en' } as const satisfies Record<Lang, Lang>;

interface PageOf {
  readonly hosts: readonly HostView[];
  readonly input: SiteInput;
  readonly arms: readonly Arm[];
  readonly months: readonly string[];
  readonly lang: Lang;
}

/** The whole overview, and the script that shows single series, in one language. */
export function dashboardPage({ hosts, input, arms, months, lang }: PageOf): string {
  const { script } = input;
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${script.sha256}'`,
    "style-src 'unsafe-inline'",
    "frame-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const names = arms.map(({ name }) => name);
  const data: DashboardData = {
    version: siteVersion,
    months,
    series: hosts.flatMap(({ series }) => series.map((view) => headOf(view, lang))),
    nights: hosts.flatMap(nightMarks),
    arms: names,
    words: scriptWords(lang),
  };
  const other = others[lang];
  const styles = dashboardStyles(arms.map(({ color }) => color));
  return `${pageHead({ lang, title: translate(words.title, lang), policy, styles })}
<body>
<a class="skip" href="#report">${phrase(words.skip, lang)}</a>
<header class="bar">
${contents(places(hosts, input, lang), lang)}
${controls(lang)}
<a class="lang" href="${other}.html" hreflang="${other}" lang="${other}">${phrase(words.other, lang)}</a>
</header>
<main id="report" tabindex="-1">
<div id="overview">
${overview(hosts, { input, arms, lang })}
<noscript><p class="quiet">${phrase(words.noScript, lang)}</p></noscript>
</div>
<article id="series" hidden></article>
</main>
<script type="application/json" id="dashboard-data">${plainJson(data)}</script>
<script>${script.code}</script>
</body>
</html>
`;
}

/** The headings of the overview. */
function places(hosts: readonly HostView[], { damaged }: SiteInput, lang: Lang): readonly Block[] {
  const t = (message: Message) => translate(message, lang);
  if (hosts.length === 0) return [];
  return [
    heading(2, t(words.state), 'state'),
    heading(2, t(words.alarms), 'alarms'),
    heading(2, t(words.nights), 'nights'),
    heading(2, t(words.series), 'series-list'),
    ...(damaged.length === 0 ? [] : [heading(2, t(words.damaged), 'damaged')]),
  ];
}

function overview(
  hosts: readonly HostView[],
  { input, arms, lang }: Pick<PageOf, 'input' | 'arms' | 'lang'>,
): string {
  const t = (message: Message) => translate(message, lang);
  const renderer = new BlockRenderer({ lang, svgs: {}, page: { runtimes: arms } });
  const html = (blocks: readonly Block[]) => renderer.blocks(blocks);
  const names = arms.map(({ name }) => name);
  const [state, alarms, nights, series, damaged] = places(hosts, input, lang).map((place) => html([place]));
  /** Each host has its own; where there are several, its name stands above. */
  const each = (part: (view: HostView) => string) =>
    hosts
      .map((view) =>
        hosts.length === 1
          ? part(view)
          : `${html([heading(3, t(words.otherHost({ host: view.host })))])}\n${part(view)}`,
      )
      .join('\n');
  const everyNight = (view: HostView): Block => ({
    kind: 'section',
    title: t(words.everyNight),
    open: false,
    blocks: [nightsTable(view, lang)],
  });
  const lines = input.damaged.map(({ file, line, why }) => [
    text(t(words.damagedLine({ file, line: String(line), why }))),
  ]);
  return [
    html(summaryBlocks(hosts, input, lang)),
    ...(hosts.length === 0
      ? []
      : [
          state,
          each((view) => html([stateMatrix(view, lang)])),
          alarms,
          each((view) => html(alarmBlocks(view, lang))),
          nights,
          each((view) => `${htmlCalendar(view, lang)}\n${html([everyNight(view)])}`),
          series,
          each((view) => htmlSeriesList(view, names, lang)),
        ]),
    ...(damaged === undefined ? [] : [damaged, html(list(lines))]),
  ].join('\n');
}

/** Hidden until the script that they need has started. */
function controls(lang: Lang): string {
  const kinds = (['everyKind', 'pin', 'baseline', 'none'] as const).map(
    (kind) => `<option value="${kind === 'everyKind' ? '' : kind}">${phrase(words[kind], lang)}</option>`,
  );
  return `<details class="menu" id="controls" hidden><summary>${phrase(words.filter, lang)}</summary>
<form aria-label="${phrase(words.controls, lang)}">
<label class="field">${phrase(words.search, lang)} <input type="search" name="q" autocomplete="off" spellcheck="false"></label>
<output class="found"></output>
<label><input type="checkbox" name="moved"> ${phrase(words.moved, lang)}</label>
<label class="field">${phrase(words.kind, lang)} <select name="kind">${kinds.join('')}</select></label>
${themeChoice(lang)}
</form></details>`;
}

/** A page that leads to the language of its reader, as the browser says it. */
export function entryPage(digest: (text: string) => string): string {
  const choose =
    "location.replace((navigator.language.startsWith('fr') ? 'fr' : 'en') + '.html' + location.hash);";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${digest(choose)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ocibench</title>
</head>
<body>
<main><p><a href="en.html" hreflang="en" lang="en">English</a> · <a href="fr.html" hreflang="fr" lang="fr">Français</a></p></main>
<script>${choose}</script>
</body>
</html>
`;
}
