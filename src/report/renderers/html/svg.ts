import { htmlText } from '../../document/sanitize.ts';

/** Attributes of single marks to remove: defaults, roles and labels, and the font, which is set once. */
const redundant =
  /\s(?:opacity="1"|pointer-events="none"|font-family="[^"]*"|aria-[a-z]+="[^"]*"|role="[^"]*")/g;

/** A tag with its attributes; Vega escapes `<` in text. */
const tags = /<(?:[^">]|"[^"]*")*>/g;

/**
 * Prepares an SVG document for embedding in HTML: removes the XML prologue and redundant attributes, makes ids (and
 * references to them) unique by a prefix, and labels it as one image instead of a tree of marks.
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
