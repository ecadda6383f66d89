import type { Definition } from '../src/core/messages/registry.ts';

const introduction = `# Reasons

Every warning, error and reason that ocibench gives, by its id, with what helps. Made by \`npm run docs\`; do not edit.

Ids are stable. Records hold them beside the English text, in \`messages\`:
\`{"message": "…", "messages": {"message": {"id": "disk.full"}}}\`.
Words in braces are values; \`{n, plural, …}\` chooses by a number (ICU MessageFormat).
`;

/** `docs/reasons.md`: the messages that explain something, by subject. */
export function reasonReference(definitions: ReadonlyMap<string, Definition>): string {
  const ids = [...definitions]
    .filter(([id, { isReason }]) => isReason && !id.endsWith('.fix'))
    .map(([id]) => id);
  const subjects = Map.groupBy(ids.sort(), (id) => id.split('.')[0] ?? '');
  const sections = [...subjects].map(([subject, members]) => {
    const items = members.map((id) => item(id, definitions));
    return `## ${subject}\n\n${items.join('\n')}\n`;
  });
  return [introduction, ...sections].join('\n');
}

function item(id: string, definitions: ReadonlyMap<string, Definition>): string {
  const fix = definitions.get(`${id}.fix`)?.template;
  return [
    `- **\`${id}\`**`,
    wrapped(plain(definitions.get(id)?.template ?? '')),
    ...(fix === undefined ? [] : [wrapped(`_Fix:_ ${plain(fix)}`)]),
  ].join('\n');
}

const maxColumns = 120;

/** Indented lines of at most {@link maxColumns}, broken at spaces. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length + 3 > maxColumns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `  ${line}`).join('\n');
}

/** One line of Markdown that shows what it says: nothing in it is markup. */
function plain(template: string): string {
  return template
    .replaceAll(/@\((sudo ?)?([^)]*)\)/g, (_, sudo = '', words) => `${sudo.trim()} ocibench ${words}`.trim())
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_<>[\]|]/g, '\\$&')
    .trim();
}
