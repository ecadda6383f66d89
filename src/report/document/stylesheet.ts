import { baseRules, screenRules } from '../styles/base.ts';
import { darkRules, swatches } from '../styles/dark.ts';

/** Layout of contents, controls and report: stacked, or side by side in a wide window. */
const layoutRules = `main { max-width: 72rem; margin: 0 auto; padding: 1rem 1rem 4rem; min-width: 0; width: 100%; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: .5rem; top: .5rem; z-index: 5; background: var(--paper); padding: .5rem; }
.bar { position: sticky; top: 0; z-index: 3; display: flex; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .9rem; }
.menu > summary { cursor: pointer; padding: .6rem 1rem; font-weight: 600; }
.menu .here { font-weight: 400; color: var(--soft); }
.menu > summary { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 62vw; }
.menu .here:not(:empty)::before { content: " · "; }
.menu > :is(nav, form) { position: absolute; left: 0; right: 0; max-height: 70vh; overflow-y: auto; background: var(--paper); border-bottom: 1px solid var(--line); padding: .25rem 1rem .75rem; box-shadow: 0 6px 12px -6px var(--shade); }
.menu ul { list-style: none; margin: 0; padding: 0; }
.menu a { display: block; padding: .2rem .5rem; border-left: 3px solid transparent; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
.menu a:hover { background: var(--tint); }
.menu a[aria-current] { border-color: var(--link); color: var(--link); font-weight: 600; }
#controls fieldset { border: 0; margin: .5rem 0; padding: 0; }
#controls legend { padding: 0; color: var(--soft); }
label { cursor: pointer; }
#controls label { display: block; padding: .15rem 0; overflow-wrap: anywhere; }
#controls .field { color: var(--soft); }
#controls button { margin-top: .5rem; }
#controls :is(select, input[type="search"]) { display: block; width: 100%; max-width: 20rem; font: inherit; color: var(--ink); background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .5rem; }
.found { display: block; min-height: 1.4em; color: var(--soft); }
@media (min-width: 75rem) {
  body { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); }
  html { scroll-padding-top: 1rem; }
  .bar { display: block; border: 0; border-right: 1px solid var(--line); height: 100vh; overflow-y: auto; padding: 1rem 0; }
  .menu::details-content { content-visibility: visible; block-size: auto; }
  .menu > summary { list-style: none; padding: .35rem 1rem; pointer-events: none; }
  .menu .here { display: none; }
  .menu > :is(nav, form) { position: static; max-height: none; border: 0; box-shadow: none; padding: 0 .75rem 1rem; }
  #controls > form { padding-left: 1rem; }
  main { padding: 1.25rem 1.75rem 4rem; }
}
`;

/** Print: shows everything, unfolded and without scrolling, in readable sizes. */
const printRules = `@page { margin: 14mm; }
@media print {
  body { display: block; font-size: 10pt; line-height: 1.4; }
  main { max-width: none; padding: 0; }
  .bar, .skip, .tooltip { display: none; }
  .lead { font-size: 15pt; }
  .quiet, h1 ~ p:not(.lead), figcaption, table, .gist { font-size: 8.5pt; }
  .badge, .cards .beside, .matrix .line, :is(.cards, .matrix) .about { font-size: 7.5pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  th button::after { content: none !important; }
  .scroll { overflow: visible; }
  th, td, td.number, .runtime, .verdict { white-space: normal; overflow-wrap: anywhere; }
  th, td { padding: .15rem .3rem; }
  tbody th { min-width: 0; }
  td.number { overflow-wrap: normal; }
  thead th, .verdict { overflow-wrap: break-word; }
  .cards tbody { grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0 .4rem; }
  .cards tbody tr { padding: .4rem .5rem; }
  .cards, .matrix { break-inside: avoid; }
  .matrix { border-spacing: 2px; }
  .matrix :is(th, td) { padding: .25rem .3rem; overflow-wrap: break-word; }
  .matrix thead th { font-size: 7.5pt; }
  .matrix thead th:first-child { width: 4.5rem; }
  .matrix td:not(.absent) a { font-size: 9pt; white-space: nowrap; }
  /* The whole reason stands below; in a narrow column it would fill a page. */
  .matrix .absent:not([colspan]) .line { -webkit-line-clamp: 5; }
  .matrix .absent a { font-size: 7.5pt; }
  .matrix td, .badge, .warning, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .chart { border: 0; padding: 0; }
  /* A picture of many hosts is one page high at most, with its heading. */
  .chart svg { max-width: 100%; height: auto; max-height: 215mm; }
  a { color: inherit; text-decoration: none; }
  figure, tr { break-inside: avoid; }
  h2, h3, summary, figcaption { break-after: avoid; }
}
`;

/** Styles of report.html: light and dark, readable from phone width up, printable. One colour per runtime. */
export function stylesheet(runtimeColors: readonly string[]): string {
  const rules = [
    baseRules,
    layoutRules,
    screenRules,
    swatches(':root', runtimeColors, false),
    darkRules(runtimeColors),
    printRules,
  ];
  return `${rules.join('\n')}\n`;
}
