import { type Loader, loader, parse, type TooltipHandler, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { PageData, PageSpec } from '../report/page-data.ts';
import { scaleKind, withoutRuntimes, withScale } from './spec.ts';

/** A chart of the report: first the picture in the report's file, then the same chart drawn by Vega. */
interface LiveChart {
  readonly spec: PageSpec;
  readonly holder: HTMLElement;
  readonly label: string;
  readonly logSwitch: HTMLInputElement | null;
  view: View | null;
  /** Does the drawing differ from what the controls say? */
  stale: boolean;
}

/** Charts include their data. */
function offlineLoader(): Loader {
  const refuse = (uri: string) => Promise.reject(new Error(uri));
  return Object.assign(loader(), { load: refuse, http: refuse, file: refuse });
}

/**
 * Draws every chart again when it comes near the window, and again when the shown runtimes or its scale change. Returns
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
  for (const [id, spec] of Object.entries(data.charts)) {
    const figure = document.getElementById(`chart-${id}`);
    const holder = figure?.querySelector<HTMLElement>('.chart');
    if (figure === null || holder === null || holder === undefined) continue;
    const logSwitch = figure.querySelector<HTMLInputElement>('[data-log]');
    const chart: LiveChart = {
      spec,
      holder,
      logSwitch,
      label: holder.querySelector('svg')?.getAttribute('aria-label') ?? '',
      view: null,
      stale: true,
    };
    charts.set(figure, chart);
    const kind = scaleKind(spec);
    if (logSwitch !== null && kind !== null) {
      logSwitch.checked = kind === 'log';
      logSwitch.closest<HTMLElement>('[hidden]')?.removeAttribute('hidden');
      logSwitch.addEventListener('change', () => {
        chart.stale = true;
        redraw(figure);
      });
    }
    observer.observe(figure);
  }
  const outdate = () => {
    for (const chart of charts.values()) chart.stale = true;
  };
  // Charts that have not been on screen are printed too.
  window.addEventListener('beforeprint', () => {
    for (const figure of charts.keys()) redraw(figure);
  });
  return (names) => {
    hidden = names;
    outdate();
    for (const figure of visible) redraw(figure);
  };
}

async function draw(
  chart: LiveChart,
  { config, scaleWords, nothingShown }: PageData,
  hidden: ReadonlySet<string>,
  tooltip: TooltipHandler,
): Promise<void> {
  const { holder, label, logSwitch } = chart;
  chart.stale = false;
  const kind = logSwitch?.checked === false ? 'linear' : 'log';
  const scaled = logSwitch === null ? chart.spec : withScale(chart.spec, kind, scaleWords);
  const spec = withoutRuntimes(scaled, hidden);
  if (spec === null) {
    chart.view?.finalize();
    chart.view = null;
    const note = document.createElement('p');
    note.textContent = nothingShown;
    holder.replaceChildren(note);
    return;
  }
  const { spec: compiled } = compile({ ...spec, config } as unknown as TopLevelSpec);
  // A separate box: the old picture stays until Vega has drawn.
  const box = document.createElement('div');
  const view = new View(parse(compiled, undefined, { ast: true }), {
    renderer: 'svg',
    container: box,
    hover: false,
    loader: offlineLoader(),
    expr: expressionInterpreter,
    tooltip,
  });
  await view.runAsync();
  const svg = box.querySelector('svg');
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', label);
  svg?.removeAttribute('aria-hidden');
  // One image with one name: screen readers do not read its marks one by one.
  for (const part of svg?.querySelectorAll('[role]') ?? []) {
    part.removeAttribute('role');
    part.removeAttribute('aria-roledescription');
  }
  chart.view?.finalize();
  chart.view = view;
  holder.replaceChildren(box);
  holder.dataset.drawn = 'live';
}
