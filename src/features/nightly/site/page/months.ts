import type { MonthData } from '../data.ts';
import { monthOf } from './points.ts';

/** A page that has not answered by then is not there, ms: since it was asked for, and since it has loaded. */
const patience = { asked: 10_000, loaded: 1_500 } as const;

/** Loads months once each. */
export class Months {
  readonly #loading = new Map<string, Promise<MonthData>>();

  /** Those that came, and the names of those that did not. */
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
    // What failed can be asked for again.
    loading.catch(() => this.#loading.delete(name));
    return loading;
  }
}

/** Frames a page of data until it has handed over its text. Nothing of it is ever run or shown here. */
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
    // Also what a browser shows instead of a page that is not there loads.
    frame.addEventListener('load', () => {
      if (isOver) return;
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience.loaded);
    });
    window.addEventListener('message', hear);
    document.body.append(frame);
  });
}
