/** The first screen: title, finding, badges, a card a runtime, and the matrix of categories. */
export const screenRules = `h1 { font-size: .95rem; font-weight: 600; color: var(--soft); margin: 0; overflow-wrap: anywhere; }
h1 ~ p:not(.lead, .quiet) { color: var(--soft); font-size: .9rem; margin: .25rem 0; max-width: none; }
.lead { font-size: 1.45rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: .15rem 0 .5rem; max-width: 60rem; text-wrap: pretty; }
.badges { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; margin: .75rem 0; padding: 0; }
.badges li { max-width: none; }
.badge { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .7rem; font-size: .85rem; color: inherit; text-decoration: none; }
.badge:hover { background: var(--tint); }
.badge.good span { color: var(--good); font-weight: 700; }
.badge.care { background: var(--care); border-color: var(--care-line); }
.badge.care span { font-weight: 700; }
:is(.cards, .matrix) :is(th, td) { border: 0; min-width: 0; }
:is(.cards, .matrix) .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
:is(.cards, .matrix) .about { color: var(--soft); font-size: .8rem; font-weight: 400; }
.cards { display: block; }
.lead + p, .lead + p + p.quiet { display: inline; }
.cards tbody { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0 .75rem; }
.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.cards tbody tr { display: grid; grid-row: span var(--rows); grid-template-rows: subgrid; border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; margin-bottom: .5rem; }
.cards tbody tr > * { display: block; padding: .12rem 0; }
.cards tbody th { padding-bottom: .3rem; }
.cards tbody th code { overflow-wrap: anywhere; font-size: 1.05rem; font-weight: 700; background: none; padding: 0; }
.cards tbody td { display: grid; grid-template-columns: auto auto; justify-content: space-between; align-content: start; gap: 0 .75rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.cards .term { color: var(--soft); }
.cards td strong { text-align: right; }
.cards .beside { grid-column: 1 / -1; text-align: right; color: var(--soft); font-size: .8rem; }
.cards .beside code { background: none; padding: 0; }
.matrix { border-collapse: separate; border-spacing: 4px; table-layout: fixed; width: 100%; margin: 0 -4px; }
.matrix :is(th, td) { padding: .4rem .55rem; overflow-wrap: anywhere; }
.matrix thead th { padding-top: 0; padding-bottom: .1rem; color: var(--ink); line-height: 1.25; }
.matrix thead th:first-child { color: var(--soft); font-weight: 400; }
.matrix thead th:first-child { width: 7.5rem; }
.matrix .about { display: block; }
.matrix .runtime { white-space: normal; overflow-wrap: anywhere; }
.matrix tbody th code { background: none; padding: 0; font-weight: 700; }
.matrix td { position: relative; border-radius: 6px; line-height: 1.3; }
.matrix td a { color: inherit; text-decoration: none; font-weight: 700; font-size: 1.05rem; }
.matrix td a::after { content: ""; position: absolute; inset: 0; border-radius: 6px; }
.matrix td a:focus-visible { outline: none; }
.matrix td a:focus-visible::after { outline: 2px solid var(--link); outline-offset: 1px; }
.matrix td:hover a { text-decoration: underline; }
.matrix .line { display: block; font-size: .78rem; font-variant-numeric: tabular-nums; }
.matrix .worse { background: var(--worse-1); }
.matrix .worse.level-2 { background: var(--worse-2); }
.matrix .worse.level-3 { background: var(--worse-3); color: var(--worse-on); }
.matrix .better { background: var(--better-1); }
.matrix .better.level-2 { background: var(--better-2); }
.matrix .better.level-3 { background: var(--better-3); color: var(--better-on); }
.matrix .equivalent { background: var(--tint); }
.matrix .undecided { box-shadow: inset 0 0 0 1px var(--line); }
.matrix .undecided a { font-weight: 600; color: var(--soft); }
.matrix .undecided .line { color: var(--soft); }
.matrix .absent { background: repeating-linear-gradient(135deg, var(--tint) 0 8px, transparent 8px 16px); box-shadow: inset 0 0 0 1px var(--line); }
.matrix .absent a { font-weight: 600; font-size: .85rem; }
.matrix .absent:not([colspan]) .line { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
/* A run of one category has room for its layers and engines side by side. */
@media print, (min-width: 48rem) {
  .matrix td:only-of-type:not(.absent) .line { display: inline-block; margin-right: 1.25rem; }
  .matrix td:only-of-type:not(.absent) a { margin-right: .35rem; }
}
@media screen and (max-width: 47.99rem) {
  .lead { font-size: 1.2rem; }
  h1 ~ p:not(.lead), .badge { font-size: .8rem; }
  .lead + p, .lead + p + p.quiet { display: block; margin: 0; line-height: 1.4; }
  .badges { gap: .3rem; margin: .5rem 0; }
  :is(.cards:not(.many), .matrix) { display: grid; grid-auto-flow: column; grid-template-rows: repeat(var(--rows), auto); grid-template-columns: 6rem; grid-auto-columns: minmax(5rem, 1fr); gap: 3px; margin: 0; }
  :is(.cards:not(.many), .matrix) :is(thead, tbody, tr), .cards:not(.many) tbody tr { display: contents; position: static; }
  :is(.cards:not(.many), .matrix) thead { clip-path: none; }
  :is(.cards:not(.many), .matrix) :is(th, td), .cards:not(.many) tbody tr > *, .cards:not(.many) tbody td { display: block; padding: .3rem .35rem; }
  :is(.cards:not(.many), .matrix) thead th { position: sticky; left: 0; z-index: 1; background: var(--paper); font-size: .8rem; color: var(--soft); padding-left: 0; }
  .matrix tbody th { width: auto; }
  .matrix td[colspan] { grid-row: 2 / -1; }
  .matrix.many { grid-auto-columns: minmax(6.6rem, 1fr); }
  .cards.many tbody { grid-template-columns: 1fr 1fr; gap: 0 .4rem; }
  .cards.many tbody tr { padding: .5rem .6rem; }
  .cards.many .term { font-size: .8rem; }
  :is(.cards, .matrix) :is(th, td) { overflow-wrap: break-word; }
  .matrix td:not(.absent) a { white-space: nowrap; font-size: .95rem; }
  .matrix .absent a { font-size: .78rem; }
  .cards:not(.many) .term { display: none; }
  .cards:not(.many) :is(tbody td, thead th) { border-top: 1px solid var(--line); }
  .cards:not(.many) tbody td strong { display: block; text-align: left; }
  .cards:not(.many) .beside { display: block; text-align: left; }
  .cards .beside { font-size: .75rem; }
  .matrix thead th:first-child { width: auto; }
  .cards .about { display: block; }
  .cards thead th:first-child { color: transparent; border-color: transparent; }
}
`;
