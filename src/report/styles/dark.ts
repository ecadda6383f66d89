/**
 * Light colour → dark colour, for pictures and for charts that Vega draws: text, lines and background, and those
 * runtimes and parts of bars that would be too dark.
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

/** The dark page's colour for a light page's colour. */
function onDark(color: string): string {
  return darkColors[color] ?? color;
}

/** Rules that recolour charts on dark pages. */
function darkCharts(page: string): string {
  return Object.entries(darkColors)
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map((name) => `${page} .chart [${name}="${light}"] { ${name}: ${dark}; }`),
    )
    .join('\n');
}

/** Recolours heat maps (the only charts with a gradient legend) as negatives of the same hues: near-white cells would glare. */
function darkHeatMap(page: string): string {
  const chart = `${page} .chart:has(.role-legend-gradient)`;
  const cells = `${chart} .mark-rect:is(.role-mark, .role-legend-gradient)`;
  return [
    `${cells} { filter: invert(1) hue-rotate(180deg); }`,
    `${cells} [stroke="white"] { stroke: white; }`,
    `${chart} .role-mark text[fill="#101418"] { fill: #e6edf3; }`,
    `${chart} .role-mark text[fill="#ffffff"] { fill: #0d1117; }`,
  ].join('\n');
}

const darkVariables =
  '--ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #3d444d; --tint: #151b23; --link: #79c0ff; --care: #272115; --care-line: #d29922; --good: #3fb950; --shade: rgb(0 0 0 / 60%); ' +
  '--worse-1: #33210f; --worse-2: #6b3d0c; --worse-3: #f0883e; --worse-on: #0d1117; ' +
  '--better-1: #10253d; --better-2: #174a80; --better-3: #79c0ff; --better-on: #0d1117;';

/** Dark theme: by the user's choice, else by the system's; never in print. */
export function darkRules(runtimeColors: readonly string[]): string {
  const rules = (page: string) =>
    [
      `${page} { ${darkVariables} color-scheme: dark; }`,
      darkCharts(page),
      darkHeatMap(page),
      swatches(page, runtimeColors, true),
    ].join('\n');
  return `@media screen {
${rules(':root[data-theme="dark"]')}
}
@media screen and (prefers-color-scheme: dark) {
${rules(':root[data-theme="auto"]')}
}`;
}

/** Rules for the runtimes' colour spots. */
export function swatches(page: string, colors: readonly string[], dark: boolean): string {
  return colors
    .map((color, i) => `${page} .runtime-${i} { background: ${dark ? onDark(color) : color}; }`)
    .join('\n');
}
