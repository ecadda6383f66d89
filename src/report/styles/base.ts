/** The first screen: title, finding, badges, one card per runtime, and the matrix of categories. */
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

/** Colours, text, tables and figures. */
export const baseRules = `:root {
  --ink: #1f2328; --soft: #59636e; --paper: #ffffff; --line: #d1d9e0; --tint: #f6f8fa; --link: #0550ae;
  --care: #fff8c5; --care-line: #9a6700; --good: #1a7f37; --shade: rgb(0 0 0 / 25%);
  --worse-1: #fdeedd; --worse-2: #f7c98f; --worse-3: #a84b06; --worse-on: #ffffff;
  --better-1: #e4effb; --better-2: #b3d3f6; --better-3: #0a5aa8; --better-on: #ffffff; color-scheme: light;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; overflow-wrap: anywhere; }
p, li { overflow-wrap: anywhere; max-width: 50rem; }
ul { padding-left: 1.3rem; margin: .25rem 0 1rem; }
.quiet { color: var(--soft); font-size: .9rem; margin: .25rem 0; max-width: none; }
a { color: var(--link); }
a.anchor { color: inherit; text-decoration: none; }
a.anchor:hover { text-decoration: underline; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--tint); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.swatch { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .35em; }
.runtime { white-space: nowrap; }
.runtime code { background: none; padding: 0; }
.verdict { white-space: nowrap; }
.warning { background: var(--care); border-left: 4px solid var(--care-line); border-radius: 0 6px 6px 0; padding: .25rem 1rem; margin: .75rem 0; }
.warning summary { cursor: pointer; font-size: .9rem; }
.fold { border-top: 1px solid var(--line); }
.fold.level-2 { margin-top: .75rem; }
.fold > summary { cursor: pointer; padding: .6rem 0; }
.fold > summary > :is(h2, h3) { display: inline; margin: 0; }
.fold > .body { scroll-margin-top: 7rem; padding-bottom: .5rem; }
.fold > .body > :first-child { margin-top: .25rem; }
.gist { color: var(--soft); font-size: .9rem; margin-left: .6rem; overflow-wrap: anywhere; }
.gist .runtime { margin-left: .4rem; }
.scroll { position: relative; overflow-x: auto; margin: .5rem 0 1rem; }
@media screen {
  /* A shade on the side where there is more to scroll to. */
  .scroll { background: linear-gradient(to right, var(--paper) 1.5rem, transparent) left / 3rem 100% no-repeat local, linear-gradient(to left, var(--paper) 1.5rem, transparent) right / 3rem 100% no-repeat local, linear-gradient(to right, var(--shade), transparent) left / .7rem 100% no-repeat scroll, linear-gradient(to left, var(--shade), transparent) right / .7rem 100% no-repeat scroll; }
}
@media screen and (max-width: 47.99rem) { .gist { display: block; margin-left: 1rem; } }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: inherit; min-width: min(14rem, 36vw); }
th button { all: unset; cursor: pointer; }
th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th button::after { content: " ↕"; opacity: .6; }
th[aria-sort="ascending"] button::after { content: " ↑"; opacity: 1; }
th[aria-sort="descending"] button::after { content: " ↓"; opacity: 1; }
table:has(.ditto) tbody tr.group :is(th, td) { border-top: 2px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
tr.out { display: none; }
tr:has(:target) :is(th, td) { background: var(--care); }
table:not([data-sorted], [data-partial], [data-filtered]) .ditto { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
figure { margin: 1rem 0 1.5rem; }
.chart { border: 1px solid var(--line); border-radius: 6px; padding: .25rem; }
.chart svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
.chart .narrow { display: none; }
@media screen and (max-width: 47.99rem) { .chart .narrow { display: block; } .chart .wide { display: none; } }
figcaption { color: var(--soft); font-size: .9rem; }
figcaption strong { display: block; color: var(--ink); font-size: 1rem; }
button { font: inherit; color: inherit; cursor: pointer; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: .15rem .6rem; }
#controls button:hover { border-color: var(--soft); color: var(--ink); }
.tooltip { position: fixed; z-index: 4; max-width: 26rem; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; font-size: .85rem; white-space: pre-line; pointer-events: none; box-shadow: 0 2px 8px var(--shade); }
`;
