import type { MonthData } from '../data.ts';
import { monthOf } from './points.ts';

/** Timeouts of a data page, ms: from its request, and from its load event. */
const patience = { asked: 10_000, loaded: 1_500 } as const;

/** Loads each month once. */
export class Months {
  readonly #loading = new Map<string, Promise<MonthData>>();

  /** Loads months; returns those that succeeded, and the names of those that failed. */
  async load(names: readonly string[]): Promise<{
    readonly months: readonly MonthData[];
    readonly failed: readonly string[];
  }> {
    const ends = await Promise.allSettled(names.map((name) => this.#one(name)));
    return {
      months: ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
      failed: names.filter((_, i) => ends[i]?.status === 'rejected'),
    };
  }

  #one(name: string): Promise<MonthData> {
    const known = this.#loading.get(name);
    if (known !== undefined) return known;
    const loading = framed(`data/${name}.html`);
    this.#loading.set(name, loading);
    // A failed month can be loaded again.
    loading.catch(() => this.#loading.delete(name));
    return loading;
  }
}

/** Loads a data page in a hidden frame until it posts its text. Nothing of the page runs or is shown in this document. */
function framed(address: string): Promise<MonthData> {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.src = address;
    let isOver = false;
    const end = () => {
      isOver = true;
      window.removeEventListener('message', hear);
      clearTimeout(timer);
      frame.remove();
    };
    const hear = ({ source, data }: MessageEvent) => {
      if (source !== frame.contentWindow) return;
      end();
      try {
        resolve(monthOf(data));
      } catch (error) {
        reject(error);
      }
    };
    const giveUp = () => {
      end();
      reject(new Error(address));
    };
    let timer = setTimeout(giveUp, patience.asked);
    // The browser's error page for a missing file fires `load`, too.
    frame.addEventListener('load', () => {
      if (isOver) return;
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience.loaded);
    });
    window.addEventListener('message', hear);
    document.body.append(frame);
  });
}
