import { applyEdits, type Edit, findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { RuntimeDeclaration } from '../../../core/config/daemon-keys.ts';

/** Layout of a JSON text, so that additions look like the rest. */
interface Layout {
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Space between a key's colon and its value, and inside braces on one line. */
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

/** White space at the start of the line of `offset`. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** Formats on one line. JSON strings contain no line breaks, so all line breaks are layout. */
function inline(value: unknown, space: string): string {
  return space === '' ? JSON.stringify(value) : JSON.stringify(value, null, 1).replace(/\n */g, ' ');
}

function spread(value: unknown, indent: string, { unit, eol }: Layout): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', `${eol}${indent}`);
}

const ofNode = (text: string, { offset, length }: Node) => text.slice(offset, offset + length);

/** The edit that adds a property at the end of an object: on its own line, unless the object is on one line. */
function insertion(text: string, object: Node, key: string, value: unknown): Edit {
  const layout = layoutOf(text);
  const name = JSON.stringify(key);
  const last = object.children?.at(-1);
  const oneLine = !(last === undefined ? text.trim() : ofNode(text, object)).includes('\n');
  if (last === undefined) {
    const { offset, length } = object;
    // An empty object {} has no layout to keep.
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

/** The edit that removes a property, with one comma. The text before and after it stays in place. */
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

/** Applies an edit after the byte order mark, which dockerd allows and ocibench keeps. */
function edit(source: string, make: (text: string, root: Node) => Edit | null): string {
  const mark = source.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = source.slice(mark.length);
  const root = parseTree(text);
  const change = root === undefined ? null : make(text, root);
  return change === null ? source : mark + applyEdits(text, [change]);
}

/**
 * Adds a runtime to daemon.json, which must not have it yet. `text` is a daemon.json that `parseDaemonJson` accepts.
 * Every other byte is unchanged. The addition follows the file's indentation, line ends and spacing.
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
 * Removes a runtime from daemon.json; returns the same text if it has none of that name. The key `runtimes` stays, even if
 * empty: on SIGHUP dockerd drops runtimes only if the key exists.
 */
export function withoutRuntime(text: string, name: string): string {
  return edit(text, (_, root) => {
    const object = findNodeAtLocation(root, ['runtimes']);
    const property = findNodeAtLocation(root, ['runtimes', name])?.parent;
    return object === undefined || property === undefined ? null : deletion(object, property);
  });
}
