import { applyEdits, type Edit, findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { RuntimeDeclaration } from './daemon-keys.ts';

/** How a JSON text is laid out, so that what is added looks like the rest. */
interface Layout {
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Between a key's colon and its value, and inside braces that stand on one line. */
  readonly space: string;
}

function layoutOf(text: string): Layout {
  const indents = [...text.matchAll(/^([ \t]+)\S/gm)].map((match) => match[1] ?? '');
  const unit = indents.toSorted((a, b) => a.length - b.length)[0] ?? '  ';
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    unit: unit.slice(0, 8),
    space: /":\S/.test(text) ? '' : ' ',
  };
}

/** White space at the begin of the line in which `offset` is. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** In one line. No text in JSON holds a line break of its own, so all of them are layout. */
function inline(value: unknown, space: string): string {
  return space === '' ? JSON.stringify(value) : JSON.stringify(value, null, 1).replace(/\n */g, ' ');
}

function spread(value: unknown, indent: string, { unit, eol }: Layout): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', `${eol}${indent}`);
}

const ofNode = (text: string, { offset, length }: Node) => text.slice(offset, offset + length);

/** The edit that adds a property at the end of an object: in a line of its own, unless the object is in one line. */
function insertion(text: string, object: Node, key: string, value: unknown): Edit {
  const layout = layoutOf(text);
  const name = JSON.stringify(key);
  const last = object.children?.at(-1);
  const oneLine = !(last === undefined ? text.trim() : ofNode(text, object)).includes('\n');
  if (last === undefined) {
    const { offset, length } = object;
    // A text that is nothing but {} has no layout to keep.
    if (oneLine && text.trim() !== ofNode(text, object))
      return { offset, length, content: `{${name}:${layout.space}${inline(value, layout.space)}}` };
    const indent = indentAt(text, offset);
    return { offset, length, content: spread({ [key]: value }, indent, layout) };
  }
  const offset = last.offset + last.length;
  if (oneLine) {
    const content = `,${layout.space}${name}:${layout.space}${inline(value, layout.space)}`;
    return { offset, length: 0, content };
  }
  const indent = indentAt(text, last.offset);
  return {
    offset,
    length: 0,
    content: `,${layout.eol}${indent}${name}: ${spread(value, indent, layout)}`,
  };
}

/** The edit that takes a property out, with one comma. What stands before and behind it stays where it was. */
function deletion(object: Node, property: Node): Edit {
  const children = object.children ?? [];
  const at = children.indexOf(property);
  const end = property.offset + property.length;
  const [previous, next] = [children[at - 1], children[at + 1]];
  if (previous !== undefined) {
    const offset = previous.offset + previous.length;
    return { offset, length: end - offset, content: '' };
  }
  if (next !== undefined)
    return { offset: property.offset, length: next.offset - property.offset, content: '' };
  return { offset: object.offset + 1, length: object.length - 2, content: '' };
}

/** Applies an edit behind the byte order mark, which dockerd allows and we keep. */
function edit(source: string, make: (text: string, root: Node) => Edit | null): string {
  const mark = source.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = source.slice(mark.length);
  const root = parseTree(text);
  const change = root === undefined ? null : make(text, root);
  return change === null ? source : mark + applyEdits(text, [change]);
}

/**
 * daemon.json with one more runtime, which must not be in it yet. `text` is a daemon.json that
 * `parseDaemonJson` accepts. Every other byte stays as it is; what is added follows the file's indentation,
 * line ends and spacing.
 */
export function withRuntime(text: string, name: string, entry: RuntimeDeclaration): string {
  return edit(text, (body, root) => {
    const runtimes = findNodeAtLocation(root, ['runtimes']);
    if (runtimes === undefined) return insertion(body, root, 'runtimes', { [name]: entry });
    if (runtimes.type === 'object') return insertion(body, runtimes, name, entry);
    const { offset, length } = runtimes;
    return { offset, length, content: spread({ [name]: entry }, indentAt(body, offset), layoutOf(body)) };
  });
}

/**
 * daemon.json without a runtime; the text itself where it has none of that name. The key `runtimes` stays, empty
 * if need be: on SIGHUP dockerd forgets runtimes only if the key is there.
 */
export function withoutRuntime(text: string, name: string): string {
  return edit(text, (_, root) => {
    const object = findNodeAtLocation(root, ['runtimes']);
    const property = findNodeAtLocation(root, ['runtimes', name])?.parent;
    return object === undefined || property === undefined ? null : deletion(object, property);
  });
}
