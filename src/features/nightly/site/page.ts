import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { contents, pageHead, phrase, themeChoice } from '../../../report/renderers/html.ts';
import { plainText, scriptJson } from '../../../report/sanitize.ts';
import { type DashboardData, type SiteInput, siteVersion } from './data.ts';
import { headOf, nightMarks } from './heads.ts';
import { overview } from './overview.ts';
import type { HostView, SeriesArm } from './series-view.ts';
import { dashboardStyles } from './styles.ts';
import { pageTitle, scriptWords } from './words.ts';

/** Data as JSON for an element of a page. Removes control characters from texts. */
export function plainJson(data: unknown): string {
  return scriptJson(plain(data));
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const words = messages('dashboard', {
  skip: 'Skip to the nights',
  filter: 'Filter',
  controls: 'View',
  search: 'Search series',
  moved: 'only changed or suspect series',
  kind: 'Kind',
  everyKind: 'all',
  pin: 'runtime relative to its own pin',
  baseline: "pin relative to the baseline''s pin",
  none: "the baseline''s pin itself",
  noScript: 'The pages of single series need scripts; @(nightly show) shows the same.',
  other: 'Français',
});

/** The other language of each language. */
const others = { en: 'fr', fr: 'en' } as const satisfies Record<Lang, Lang>;

interface PageOptions {
  readonly hosts: readonly HostView[];
  readonly input: SiteInput;
  readonly arms: readonly SeriesArm[];
  readonly months: readonly string[];
  readonly lang: Lang;
}

/** A page in one language: the overview, and the script that shows single series. */
export function dashboardPage({ hosts, input, arms, months, lang }: PageOptions): string {
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
  const { headings, content } = overview(hosts, { input, arms, lang });
  const styles = dashboardStyles(arms.map(({ color }) => color));
  return `${pageHead({ lang, title: translate(pageTitle, lang), policy, styles })}
<body>
<a class="skip" href="#report">${phrase(words.skip, lang)}</a>
<header class="bar">
${contents(headings, lang)}
${controls(lang)}
<a class="lang" href="${other}.html" hreflang="${other}" lang="${other}">${phrase(words.other, lang)}</a>
</header>
<main id="report" tabindex="-1">
<div id="overview">
${content}
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

/** Controls of the list; hidden until the script has started. */
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

/** A page that redirects to the language of the browser. */
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
