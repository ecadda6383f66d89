import { htmlText } from './sanitize.ts';

/** What Vega writes at every mark and is so anyway: the font is set once, for all texts. */
const redundant =
  /\s(?:opacity="1"|pointer-events="none"|font-family="[^"]*"|aria-[a-z]+="[^"]*"|role="[^"]*")/g;

/** A tag with its attributes: what Vega writes as text has no `<`. */
const tags = /<(?:[^">]|"[^"]*")*>/g;

/**
 * Makes an SVG document fit to stand inside an HTML page: no XML prologue, ids made unique by a prefix (and the
 * references to them), read out as one image with a name instead of a tree of marks, and without what is said of every
 * mark alike.
 */
export function embedSvg(svg: string, prefix: string, label: string): string {
  const font = /\sfont-family="[^"]*"/.exec(svg)?.[0] ?? '';
  const unique = (tag: string) =>
    tag
      .replace(redundant, '')
      .replace(/\sid="([^"]*)"/, ` id="${prefix}-$1"`)
      .replace(/url\((["']?)#([^)"']*)\1\)/g, `url($1#${prefix}-$2$1)`)
      .replace(/(\shref|xlink:href)="#([^"]*)"/g, `$1="#${prefix}-$2"`);
  return svg
    .replace(/^\s*<\?xml[^>]*\?>/, '')
    .replace(/<!DOCTYPE[^>]*>/i, '')
    .replace(tags, unique)
    .trim()
    .replace(/^<svg\b/, () => `<svg role="img" aria-label="${htmlText(label)}"${font}`);
}
