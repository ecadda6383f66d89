import { type Loader, loader, parse, type TooltipHandler, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { PageChart, PageData } from '../document/page-data.ts';

/** Below this width, pictures for phones are shown; the same as in the style sheet. */
const phone = window.matchMedia('(max-width: 47.99rem)');

/** A chart of the report: at first the static picture, then the same chart drawn by Vega. */
interface LiveChart {
  readonly specs: PageChart;
  readonly holder: HTMLElement;
  readonly label: string;
  view: View | null;
  /** Is the drawing outdated by a change of the controls or the window? */
  stale: boolean;
  /** Number of the last drawing; results of earlier ones are discarded. */
  drawings: number;
}

/** A loader that refuses requests: charts include their data. */
function offlineLoader(): Loader {
  const refuse = (uri: string) => Promise.reject(new Error(uri));
  return Object.assign(loader(), { load: refuse, http: refuse, file: refuse });
}

/**
 * Draws every chart when it comes near the viewport, and redraws it when the shown runtimes or the window size change. Returns
 * a function that redraws all charts for another set of hidden runtimes.
 */
export function startCharts(data: PageData, tooltip: TooltipHandler): (hidden: ReadonlySet<string>) => void {
  let hidden: ReadonlySet<string> = new Set();
  const charts = new Map<Element, LiveChart>();
  const visible = new Set<Element>();
  const redraw = (figure: Element) => {
    const chart = charts.get(figure);
    if (chart?.stale === true) void draw(chart, data, hidden, tooltip);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) visible.add(target);
        else visible.delete(target);
        if (isIntersecting) redraw(target);
      }
    },
    { rootMargin: '600px 0px' },
  );
  for (const [id, specs] of Object.entries(data.charts)) {
    const figure = document.getElementById(`chart-${id}`);
    const holder = figure?.querySelector<HTMLElement>('.chart');
    if (figure === null || holder === null || holder === undefined) continue;
    const label = holder.querySelector('svg')?.getAttribute('aria-label') ?? '';
    charts.set(figure, { specs, holder, label, view: null, stale: true, drawings: 0 });
    observer.observe(figure);
  }
  const outdate = () => {
    for (const chart of charts.values()) chart.stale = true;
    for (const figure of visible) redraw(figure);
  };
  phone.addEventListener('change', outdate);
  // Draws charts that have not been on screen, since they are printed, too.
  window.addEventListener('beforeprint', () => {
    for (const figure of charts.keys()) redraw(figure);
  });
  return (names) => {
    hidden = names;
    outdate();
  };
}

async function draw(
  chart: LiveChart,
  { config, nothingShown }: PageData,
  hidden: ReadonlySet<string>,
  tooltip: TooltipHandler,
): Promise<void> {
  const { holder, specs, label } = chart;
  chart.stale = false;
  chart.drawings += 1;
  const { drawings } = chart;
  const spec = phone.matches ? specs.narrow : specs.wide;
  const { spec: compiled } = compile({ ...spec, config } as unknown as TopLevelSpec);
  // Draws into a separate box, so that the old picture stays until Vega has finished.
  const box = document.createElement('div');
  const view = new View(parse(compiled, undefined, { ast: true }), {
    renderer: 'svg',
    container: box,
    hover: false,
    loader: offlineLoader(),
    expr: expressionInterpreter,
    tooltip,
  });
  const shown = (view.signal('shown') as string[]).filter((name) => !hidden.has(name));
  await view.signal('shown', shown).runAsync();
  if (drawings !== chart.drawings) {
    view.finalize();
    return;
  }
  chart.view?.finalize();
  chart.view = view;
  markAsImage(box.querySelector('svg'), label);
  if (shown.length === 0) box.replaceChildren(paragraph(nothingShown));
  holder.replaceChildren(box);
  holder.dataset.drawn = 'live';
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement('p');
  made.textContent = text;
  return made;
}

/** Makes the SVG one named image, so that screen readers do not read single marks. */
function markAsImage(svg: SVGElement | null, label: string): void {
  for (const part of svg?.querySelectorAll('[role]') ?? []) {
    part.removeAttribute('role');
    part.removeAttribute('aria-roledescription');
  }
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', label);
  svg?.removeAttribute('aria-hidden');
}
