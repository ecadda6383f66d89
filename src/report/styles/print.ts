/** On paper everything is shown, unfolded and unscrolled, in sizes that can be read. */
export const printRules = `@page { margin: 14mm; }
@media print {
  body { display: block; font-size: 10pt; line-height: 1.4; }
  main { max-width: none; padding: 0; }
  .bar, .skip, .tools, .tooltip { display: none; }
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
  .chart svg { max-width: 100%; height: auto; }
  a { color: inherit; text-decoration: none; }
  figure, tr { break-inside: avoid; }
  h2, h3, summary, figcaption { break-after: avoid; }
}
`;
