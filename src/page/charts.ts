import { type Loader, loader, parse, type TooltipHandler, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { PageChart, PageData } from '../report/page-data.ts';

/** As in the style sheet: below this width pictures for phones are shown. */
const phone = window.matchMedia('(max-width: 47.99rem)');

/** A chart of the report: first the picture in the report's file, then the same chart drawn by Vega. */
interface LiveChart {
  readonly specs: PageChart;
  readonly holder: HTMLElement;
  readonly label: string;
  drawing: Drawing | null;
  /** Does the drawing differ from what the controls and the window say? */
  stale: boolean;
}

interface Drawing {
  readonly layout: keyof PageChart;
  readonly view: View;
  readonly box: HTMLElement;
  /** All runtimes that the chart can show. */
  readonly runtimes: readonly string[];
}

/** Charts include their data. */
function offlineLoader(): Loader {
  const refuse = (uri: string) => Promise.reject(new Error(uri));
  return Object.assign(loader(), { load: refuse, http: refuse, file: refuse });
}

/**
 * Draws every chart again when it comes near the window, and again when the shown runtimes or the room change. Returns a
 * function that redraws all charts for another set of hidden runtimes.
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
    charts.set(figure, { specs, holder, label, drawing: null, stale: true });
    observer.observe(figure);
  }
  const outdate = () => {
    for (const chart of charts.values()) chart.stale = true;
    for (const figure of visible) redraw(figure);
  };
  phone.addEventListener('change', outdate);
  // Charts that have not been on screen are printed too.
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
  data: PageData,
  hidden: ReadonlySet<string>,
  tooltip: TooltipHandler,
): Promise<void> {
  const { holder, specs } = chart;
  chart.stale = false;
  const layout = phone.matches ? 'narrow' : 'wide';
  if (chart.drawing?.layout !== layout) {
    chart.drawing?.view.finalize();
    chart.drawing = drawingOf(specs, layout, data, tooltip);
  }
  const { view, box, runtimes } = chart.drawing;
  const shown = runtimes.filter((name) => !hidden.has(name));
  if (shown.length === 0) {
    const note = document.createElement('p');
    note.textContent = data.nothingShown;
    holder.replaceChildren(note);
    return;
  }
  await view.signal('shown', shown).runAsync();
  markAsImage(box.querySelector('svg'), chart.label);
  // Until now the old picture stood there.
  holder.replaceChildren(box);
  holder.dataset.drawn = 'live';
}

function drawingOf(
  specs: PageChart,
  layout: keyof PageChart,
  { config }: PageData,
  tooltip: TooltipHandler,
): Drawing {
  const { spec } = compile({ ...specs[layout], config } as unknown as TopLevelSpec);
  const box = document.createElement('div');
  const view = new View(parse(spec, undefined, { ast: true }), {
    renderer: 'svg',
    container: box,
    hover: false,
    loader: offlineLoader(),
    expr: expressionInterpreter,
    tooltip,
  });
  return { layout, view, box, runtimes: view.signal('shown') };
}

/** One image with one name: screen readers do not read its marks one by one. */
function markAsImage(svg: SVGElement | null, label: string): void {
  for (const part of svg?.querySelectorAll('[role]') ?? []) {
    part.removeAttribute('role');
    part.removeAttribute('aria-roledescription');
  }
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', label);
  svg?.removeAttribute('aria-hidden');
}
