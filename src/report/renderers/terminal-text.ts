import type { Inline, Text, Tone } from '../document/document.ts';
import { terminalText } from '../document/sanitize.ts';

/** Style of a text; the caller knows whether the terminal may show it (NO_COLOR, not a TTY). */
export type TextStyle = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
export type Paint = (style: TextStyle, text: string) => string;

export const toneStyles: Readonly<Record<Tone, TextStyle>> = {
  good: 'green',
  bad: 'red',
  other: 'yellow',
  quiet: 'dim',
};

/** Plain text of inlines without control characters; `brief`: uses the short form of values. */
export function plain(parts: Text, brief = false): string {
  return parts.map((part) => inline(part, brief)).join('');
}

function inline(part: Inline, brief: boolean): string {
  switch (part.kind) {
    case 'break':
      return part.text;
    case 'value':
      return terminalText(brief ? (part.brief ?? part.text) : part.text);
    case 'verdict':
      return `${part.sign} ${terminalText(part.text)}`;
    default:
      return terminalText(part.text);
  }
}
