/**
 * Light colour → dark colour, for pictures and for charts that Vega draws: text, lines and background, and those
 * runtimes and parts of bars that would be too dark. Heat map cells keep their colours.
 */
const darkColors: Readonly<Record<string, string>> = {
  white: '#0d1117',
  '#1f2328': '#e6edf3',
  '#59636e': '#9198a1',
  '#e5e8eb': '#262c36',
  '#d1d9e0': '#3d444d',
  '#b6bec7': '#5b6470',
  '#0072b2': '#3a9bdc',
  '#003f66': '#a9d4f2',
  '#00573f': '#a7e8d2',
  '#8c3f6b': '#f0c8de',
  '#7a3600': '#ffc9a3',
  '#332288': '#8f83e8',
  '#117733': '#4db870',
  '#882255': '#d873a3',
};

/** Rules that recolour charts on dark pages. */
function darkCharts(page: string): string {
  return Object.entries(darkColors)
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map((name) => `${page} .chart [${name}="${light}"] { ${name}: ${dark}; }`),
    )
    .join('\n');
}

const darkVariables =
  '--ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #3d444d; --tint: #151b23; --link: #79c0ff; --care: #272115; --care-line: #d29922;';

/** Dark theme: by the user's choice, else by the system's; never in print. */
function darkRules(runtimeColors: readonly string[]): string {
  const rules = (page: string) =>
    [
      `${page} { ${darkVariables} color-scheme: dark; }`,
      darkCharts(page),
      swatches(page, runtimeColors, true),
    ].join('\n');
  return `@media screen {
${rules(':root[data-theme="dark"]')}
}
@media screen and (prefers-color-scheme: dark) {
${rules(':root[data-theme="auto"]')}
}`;
}

function swatches(page: string, colors: readonly string[], dark: boolean): string {
  return colors
    .map(
      (color, i) => `${page} .runtime-${i} { background: ${dark ? (darkColors[color] ?? color) : color}; }`,
    )
    .join('\n');
}

const rules = `:root {
  --ink: #1f2328; --soft: #59636e; --paper: #ffffff; --line: #d1d9e0; --tint: #f6f8fa; --link: #0550ae;
  --care: #fff8c5; --care-line: #9a6700; color-scheme: light;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 6.5rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; }
[hidden] { display: none !important; }
main { max-width: 68rem; margin: 0 auto; padding: 1rem 1rem 4rem; min-width: 0; }
main:focus { outline: none; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; overflow-wrap: anywhere; }
details { border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
summary { cursor: pointer; }
summary h3 { display: inline-block; margin: 1rem 0 .5rem; }
p, li { overflow-wrap: anywhere; }
ul { padding-left: 1.3rem; margin: .25rem 0 1rem; }
a { color: var(--link); }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--tint); border-radius: 4px; padding: .1em .3em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: .5rem; top: .5rem; z-index: 3; background: var(--paper); padding: .5rem; }
.bar { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .9rem; }
.bar ul, #controls { display: flex; gap: .25rem 1rem; margin: 0; padding: .35rem 1rem; overflow-x: auto; white-space: nowrap; }
.bar ul { list-style: none; }
.bar li { flex: none; }
.bar a { display: inline-block; padding: .15rem 0; }
#controls { align-items: center; border-top: 1px solid var(--line); }
#controls fieldset { display: contents; border: 0; }
#controls legend { float: left; padding: 0; color: var(--soft); }
label { cursor: pointer; flex: none; }
select { font: inherit; color: inherit; background: var(--tint); border: 1px solid var(--line); border-radius: 4px; padding: .1rem .3rem; }
.swatch { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .35em; }
.warning { background: var(--care); border-left: 4px solid var(--care-line); padding: .25rem 1rem; margin: 1rem 0; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
th button { all: unset; cursor: pointer; }
th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th button::after { content: " ↕"; opacity: .6; }
th[aria-sort="ascending"] button::after { content: " ↑"; opacity: 1; }
th[aria-sort="descending"] button::after { content: " ↓"; opacity: 1; }
tbody tr.group td { border-top: 2px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number, td > code { white-space: nowrap; }
.runtime { white-space: nowrap; }
table:not([data-sorted], [data-partial]) .ditto { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
figure { margin: 1.5rem 0 2rem; }
.chart { border: 1px solid var(--line); border-radius: 6px; padding: .25rem; }
.chart svg { display: block; margin: 0 auto; max-width: max(100%, 58rem); height: auto; }
figcaption { color: var(--soft); font-size: .9rem; }
figcaption strong { display: block; color: var(--ink); font-size: 1rem; }
.tools { margin: .25rem 0 0; font-size: .9rem; }
.tooltip { position: fixed; z-index: 4; max-width: 26rem; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; font-size: .85rem; white-space: pre-line; pointer-events: none; box-shadow: 0 2px 8px rgb(0 0 0 / 25%); }
@media (min-width: 82rem) {
  body { display: grid; grid-template-columns: 15rem minmax(0, 1fr); }
  .bar { border: 0; border-right: 1px solid var(--line); height: 100vh; overflow-y: auto; padding: 1rem 0; }
  .bar ul, #controls { display: block; white-space: normal; }
  #controls fieldset { display: block; margin: 0 0 .75rem; padding: 0; }
  #controls legend { float: none; }
  #controls label { display: block; padding: .1rem 0; overflow-wrap: anywhere; }
  html { scroll-padding-top: 1rem; }
}
@media print {
  body { display: block; font-size: 11px; }
  .bar, .skip, .tools, .tooltip { display: none; }
  th button::after { content: none !important; }
  .scroll { overflow: visible; }
  .chart svg { max-width: 100%; height: auto; }
  figure, tr { break-inside: avoid; }
  h2, h3, figcaption { break-after: avoid; }
}
`;

/** Styles of report.html: light and dark, readable from phone width up, printable. One colour per runtime. */
export function stylesheet(runtimeColors: readonly string[]): string {
  return `${rules}${swatches(':root', runtimeColors, false)}\n${darkRules(runtimeColors)}\n`;
}
