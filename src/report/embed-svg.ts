import { htmlText } from './sanitize.ts';

/**
 * Makes an SVG document fit to stand inside an HTML page: no XML prologue, ids made unique by a prefix (and the
 * references to them), read out as one image with a name instead of a tree of marks.
 */
export function embedSvg(svg: string, prefix: string, label: string): string {
  const unique = svg
    .replace(/^\s*<\?xml[^>]*\?>/, '')
    .replace(/<!DOCTYPE[^>]*>/i, '')
    .replace(/\sid="([^"]*)"/g, (_, id: string) => ` id="${prefix}-${id}"`)
    .replace(
      /url\((["']?)#([^)"']*)\1\)/g,
      (_, quote: string, id: string) => `url(${quote}#${prefix}-${id}${quote})`,
    )
    .replace(/(\shref|xlink:href)="#([^"]*)"/g, (_, name: string, id: string) => `${name}="#${prefix}-${id}"`)
    .replace(/\s(?:aria-[a-z]+|role)="[^"]*"/g, '')
    .trim();
  return unique.replace(/^<svg\b/, `<svg role="img" aria-label="${htmlText(label)}"`);
}
