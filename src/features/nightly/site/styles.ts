import { onDark } from '../../../report/styles/dark.ts';
import { stylesheet } from '../../../report/stylesheet.ts';

/** Colours of the marks of a picture, per arm. */
function armColors(page: string, colors: readonly string[], dark: boolean): string {
  return colors.map((color, i) => `${page} .arm-${i} { --arm: ${dark ? onDark(color) : color}; }`).join('\n');
}

const light =
  '--bad: #b35900; --fine: #0a5aa8; --off: #b6bec7; --busy: #e0b64a; --calm: #cfe3d4; --band: 18%;';
const dark =
  '--bad: #f0883e; --fine: #79c0ff; --off: #5b6470; --busy: #a37b1a; --calm: #1f4a2c; --band: 26%;';

const listRules = `.lang { padding: .6rem 1rem; margin-left: auto; color: inherit; }
@media (min-width: 75rem) { .lang { display: block; padding: .35rem 1rem; } }
table.series { width: 100%; }
table.series tbody th { min-width: 0; }
table.series .group th { padding-top: 1.1rem; font-weight: 650; font-size: 1.02rem; }
table.series a { text-decoration: none; font-weight: 600; color: var(--ink); }
table.series a:hover .subject { text-decoration: underline; }
table.series :is(.arm, .about) { color: var(--soft); font-size: .8rem; font-weight: 400; }
table.series .arm { margin-right: .5rem; font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
table.series .about { display: block; }
table.series th .about { margin-left: 1.2em; }
table.series tr:has(:target) :is(th, td), table.series tr:target :is(th, td) { background: var(--care); }
table.series tbody tr:not(.group):hover :is(th, td) { background: var(--tint); }
.spark svg { display: block; overflow: visible; }
.spark path { fill: none; stroke: var(--soft); stroke-width: 1.1; stroke-linejoin: round; }
.spark circle { fill: var(--soft); }
.spark circle.moved { fill: var(--bad); }
.state { white-space: nowrap; }
.state.worse { color: var(--bad); font-weight: 650; }
.state.better { color: var(--fine); font-weight: 650; }
.state:is(.steady, .learning, .gone) { color: var(--soft); }
.state:is(.returned, .other) { font-weight: 600; }
.matrix .equivalent a { font-weight: 500; font-size: .92rem; color: var(--soft); }
.matrix .equivalent .line { color: var(--soft); }
.matrix td:is(.worse, .better) a { font-size: .98rem; letter-spacing: -.015em; white-space: nowrap; }
@media (min-width: 48rem) { .matrix thead th { font-size: .8rem; } .matrix thead th:first-child { width: 11.8rem; } .matrix tbody th code { font-size: .78rem; } .matrix .about { font-size: .76rem; } }
.calendar { margin: .5rem 0 1rem; }
.calendar svg { display: block; }
.calendar text { font-size: 10px; fill: var(--soft); }
.day rect { fill: var(--calm); }
.day path { stroke: var(--ink); stroke-width: 1.3; fill: none; }
.day.disturbed rect { fill: var(--busy); }
.day.skipped rect { fill: var(--off); }
.day:is(.failed, .interrupted) rect { fill: var(--bad); }
.day:is(.failed, .interrupted) path { stroke: var(--paper); }
.day.missing rect { fill: none; stroke: var(--off); stroke-dasharray: 1.5 1.5; }
.bell { fill: var(--bad); stroke: var(--paper); stroke-width: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1rem; list-style: none; margin: .35rem 0 0; padding: 0; color: var(--soft); font-size: .82rem; }
.legend li { display: inline-flex; align-items: center; gap: .35rem; }
.legend svg { flex: none; overflow: visible; }
`;

const viewRules = `.trail { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .5rem; font-size: .9rem; }
#series h1 { margin: 0 0 .2rem; font-size: 1.45rem; color: var(--ink); overflow-wrap: anywhere; }
#series .unbroken { white-space: nowrap; }
#series h1:focus { outline: none; }
#series h2 { font-size: 1.1rem; }
#series figcaption { color: var(--ink); font-size: 1rem; max-width: 60rem; }
#series .kind { margin: 0 0 .75rem; color: var(--soft); font-size: .9rem; }
.ranges { display: inline-flex; flex-wrap: wrap; border: 0; margin: 0; padding: 0; gap: .25rem; }
.ranges legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.ranges label { border: 1px solid var(--line); border-radius: 6px; padding: .15rem .7rem; font-size: .88rem; }
.ranges label:has(:checked) { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.ranges label:has(:focus-visible) { outline: 2px solid var(--link); outline-offset: 2px; }
.ranges input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.plot { position: relative; border: 1px solid var(--line); border-radius: 6px; margin-top: .5rem; touch-action: pan-y; }
.plot svg { display: block; width: 100%; height: auto; }
.plot text { fill: var(--soft); font-size: 11px; }
.plot text.title { fill: var(--ink); font-weight: 600; }
.plot .grid { stroke: var(--line); stroke-width: 1; shape-rendering: crispEdges; opacity: .7; }
.plot .unity { stroke: var(--soft); stroke-width: 1; shape-rendering: crispEdges; }
.band { fill: var(--arm); fill-opacity: var(--band); }
.value { fill: none; stroke: var(--arm); stroke-width: 1.6; stroke-linejoin: round; }
.dot { fill: var(--arm); stroke: var(--paper); stroke-width: .6; }
.dot.disturbed { fill: var(--paper); stroke: var(--arm); stroke-width: 1.5; }
.stem { stroke: var(--arm); stroke-width: 1.4; }
.rerun { fill: var(--paper); stroke: var(--arm); stroke-width: 1.8; }
.rerun-stem { stroke: var(--arm); stroke-width: 1.8; }
.control { fill: none; stroke: var(--off); stroke-width: 4; stroke-linejoin: round; }
.control-dot { fill: var(--off); }
.level { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 5 4; }
.segment { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 2 3; }
.version { fill: var(--ink); }
.alarm-span { fill: var(--bad); fill-opacity: .1; }
.alarm-span.better { fill: var(--fine); }
.plot .alarm-flag { fill: var(--bad); font-weight: 700; }
.plot .alarm-flag.better { fill: var(--fine); }
.cursor { stroke: var(--ink); stroke-width: 1; }
.cursor-dot { fill: none; stroke: var(--ink); stroke-width: 2; }
.readout { min-height: 2.8em; max-width: none; margin: .4rem 0 0; font-size: .9rem; font-variant-numeric: tabular-nums; }
.readout strong { font-variant-numeric: tabular-nums; }
.keys { color: var(--soft); font-size: .82rem; margin: .35rem 0 0; max-width: none; }
.figures td { font-variant-numeric: tabular-nums; }
.figures tbody th { min-width: 0; white-space: nowrap; }
.figures .program { white-space: nowrap; }
#overview .fold p code { display: inline-block; }
`;

const phoneRules = `@media screen and (max-width: 47.99rem) {
  table.series thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.series, table.series tbody { display: block; }
  table.series tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem .75rem; padding: .45rem 0; border-bottom: 1px solid var(--line); }
  table.series tr.out { display: none; }
  table.series :is(th, td) { display: block; border: 0; padding: 0; }
  table.series .group { border: 0; }
  table.series .group th { grid-column: 1 / -1; }
  table.series .spark { justify-self: end; }
  table.series td.number { grid-row: 2; text-align: left; }
  table.series td:last-child { grid-row: 2; grid-column: 2; justify-self: end; }
  #series h1 { font-size: 1.2rem; }
  table.series .metric { display: none; }
  .matrix tbody th .about { display: none; }
  .matrix.many { grid-template-columns: 5.6rem; grid-auto-columns: minmax(5.9rem, 1fr); }
  .matrix td:not(.absent) a { font-size: .86rem; letter-spacing: -.01em; }
  .matrix .line { font-size: .7rem; }
  .bar #contents > summary { max-width: 44vw; }
}
`;

const paperRules = `@media print {
  .lang, .trail, .ranges, .readout, .keys, .cursor, .cursor-dot { display: none; }
  .matrix thead th:first-child { width: 7.2rem; }
  .matrix thead th { font-size: 7pt; }
  .matrix :is(th, td) { padding: .25rem; }
  .matrix td a, .matrix .equivalent a { font-size: 8pt; white-space: nowrap; }
  .matrix tbody th code { font-size: 7pt; }
  .matrix :is(thead, tbody) th .about { font-size: 6.8pt; }
  :is(.figures, .calendar ~ details table) :is(tbody th, td.number) { white-space: nowrap; }
  :is(.figures, .calendar ~ details table) thead th { overflow-wrap: normal; }
  .day rect, .band, .alarm-span, .dot, .control { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .plot { border: 0; }
  .calendar svg { max-width: 100%; height: auto; }
  table.series { font-size: 7.5pt; }
  .spark svg { width: 70px; height: auto; }
}
`;

/** Styles of the dashboard: those of the report, and its own. */
export function dashboardStyles(colors: readonly string[]): string {
  return [
    stylesheet(colors),
    `:root { ${light} }`,
    armColors(':root', colors, false),
    '@media screen {',
    `:root[data-theme="dark"] { ${dark} }`,
    armColors(':root[data-theme="dark"]', colors, true),
    '}',
    '@media screen and (prefers-color-scheme: dark) {',
    `:root[data-theme="auto"] { ${dark} }`,
    armColors(':root[data-theme="auto"]', colors, true),
    '}',
    listRules,
    viewRules,
    phoneRules,
    paperRules,
  ].join('\n');
}
