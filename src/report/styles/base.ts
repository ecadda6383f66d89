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
.tools { display: flex; flex-wrap: wrap; gap: .4rem; align-items: baseline; margin: .5rem 0 0; font-size: .85rem; color: var(--soft); }
button { font: inherit; color: inherit; cursor: pointer; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: .15rem .6rem; }
:is(.tools, #controls) button:hover { border-color: var(--soft); color: var(--ink); }
.tooltip { position: fixed; z-index: 4; max-width: 26rem; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; font-size: .85rem; white-space: pre-line; pointer-events: none; box-shadow: 0 2px 8px var(--shade); }
`;
