import type { Lang } from '../../../core/messages/message.ts';
import type { Inline, Text } from '../../document/document.ts';
import type { PagePictures } from '../../document/page-parts.ts';
import { htmlText } from '../../document/sanitize.ts';
import type { BlockOptions } from './block-options.ts';
import { embedSvg } from './svg.ts';

/** Renders running text of a page, with its language and the indices of its runtimes. */
export class Inlines {
  readonly lang: Lang;
  readonly #runtimes: ReadonlyMap<string, number>;
  readonly #pictures: Readonly<Record<string, PagePictures>>;
  readonly #ids = new Set<string>();

  constructor({ lang, page: { runtimes }, svgs }: BlockOptions) {
    this.lang = lang;
    this.#pictures = svgs;
    this.#runtimes = new Map(runtimes.map(({ name }, i) => [name, i]));
  }

  text(parts: Text): string {
    return parts.map((part) => this.#inline(part)).join('');
  }

  /** ` data-runtime="1"`: marks elements that are hidden together with a runtime. */
  dataRuntime(name: string | undefined): string {
    const number = name === undefined ? undefined : this.#runtimes.get(name);
    return number === undefined ? '' : ` data-runtime="${number}"`;
  }

  /** Name of a runtime in its colour. */
  runtime(name: string): string {
    const number = this.#runtimes.get(name);
    const spot = number === undefined ? '' : swatch(number);
    return `<span class="runtime">${spot}<code>${htmlText(name)}</code></span>`;
  }

  #inline(part: Inline): string {
    if (part.kind === 'break') return '<br>';
    if (part.kind === 'picture') return this.#picture(part.chart);
    const text = htmlText(part.text);
    switch (part.kind) {
      case 'text':
      case 'value':
        return text;
      case 'verdict':
        return `<span class="verdict${part.tone === undefined ? '' : ` ${part.tone}`}"><span aria-hidden="true">${htmlText(part.sign)}</span> <span class="word">${text}</span></span>`;
      case 'code':
        return part.text.trim() === '' ? '' : `<code>${text}</code>`;
      case 'runtime':
        return this.runtime(part.text);
      case 'strong':
        return `<strong>${text}</strong>`;
      case 'quote':
        return part.lang === this.lang ? text : `<span lang="${part.lang}">${text}</span>`;
      case 'anchor':
        return this.#anchor(part.id, text);
      case 'link': {
        const about = part.about === undefined ? '' : ` title="${htmlText(part.about)}"`;
        return `<a href="${htmlText(encodeURI(part.href))}"${about}>${text}</a>`;
      }
    }
  }

  /** A picture says nothing that the text beside it does not. */
  #picture(chart: string): string {
    const svg = this.#pictures[chart]?.wide;
    if (svg === undefined) return '';
    return `<span class="chart spark" aria-hidden="true">${embedSvg(svg, 'spark', '')}</span>`;
  }

  /** Renders an anchor; only the first with an id gets it. */
  #anchor(id: string, text: string): string {
    if (this.#ids.has(id)) return text;
    this.#ids.add(id);
    return `<a class="anchor" id="${htmlText(id)}" href="#${htmlText(encodeURIComponent(id))}">${text}</a>`;
  }
}

/** A spot in the runtime's colour, as in all charts. */
export function swatch(runtime: number): string {
  return `<span class="swatch runtime-${runtime}" aria-hidden="true"></span>`;
}
