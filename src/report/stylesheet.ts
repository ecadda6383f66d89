/** Styles of report.html: light and dark, readable from phone width up, printable. */
export const stylesheet = `:root {
  --ink: #1f2328; --soft: #59636e; --paper: #ffffff; --line: #d1d9e0; --tint: #f6f8fa; --link: #0550ae;
  --care: #fff8c5; --care-line: #9a6700;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #3d444d; --tint: #151b23; --link: #79c0ff;
    --care: #272115; --care-line: #d29922;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
details { border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
summary { cursor: pointer; }
summary h3 { display: inline-block; margin: 1rem 0 .5rem; }
p, li { overflow-wrap: anywhere; }
ul { padding-left: 1.3rem; margin: .25rem 0 1rem; }
a { color: var(--link); }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; background: var(--tint); border-radius: 4px; padding: .1em .3em; }
.warning { background: var(--care); border-left: 4px solid var(--care-line); padding: .25rem 1rem; margin: 1rem 0; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
tbody tr.group td { border-top: 2px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number, td > code { white-space: nowrap; }
figure { margin: 1.5rem 0 2rem; }
.chart { background: #ffffff; border: 1px solid var(--line); border-radius: 6px; padding: .75rem; }
.chart svg { display: block; height: auto; max-width: 100%; min-width: 36rem; margin: 0 auto; }
figcaption { color: var(--soft); font-size: .9rem; }
@media print { body { font-size: 11px; } .scroll { overflow: visible; } figure, tr { break-inside: avoid; } }
`;
