import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAst } from 'vitest/node';

const root = resolve(import.meta.dirname, '../..');

/** A text in the source, its values as `{0}`, `{1}` …. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Can it reach a person? Else it is a description for documentation, or a fault of the program. */
  readonly told: boolean;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Scripts, recipes and what documentation is made of speak to no user of the program. */
const others =
  /^src\/.*-scripts?\.ts$|^src\/(report|render|model(?!\/(hidden-engine|disk-error|evidence))|analyze\/definitions)\/|guest-files|perl-clock|qemu\.ts|recipe\.ts|^workloads\/images\//;

/** Values of these properties are documentation, or names. */
const documentation = new Set(['description', 'parameters', 'id', 'metric', 'source', 'env', 'match']);

const faults = new Set(['RangeError', 'TypeError']);

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  return String(node.name ?? node.value ?? '');
}

/** Tools of their own, and where a figure comes from (`present(value, source)`). */
const quietCalls = new Set(['count', 'present', 'figureOf']);

/** Is what stands in this node no message? */
function isSilent(node: Node): boolean {
  if (node.type === 'Property') return documentation.has(nameOf(node.key));
  if (node.type === 'CallExpression') return quietCalls.has(nameOf(node.callee));
  if (node.type === 'NewExpression') return faults.has(nameOf(node.callee));
  return node.type === 'ImportDeclaration' || node.type.startsWith('TS');
}

function templateOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'TemplateLiteral') return null;
  const quasis = (node.quasis as readonly { readonly value: { readonly cooked: string } }[]).map(
    ({ value }) => value.cooked,
  );
  return quasis.map((quasi, i) => (i === 0 ? quasi : `{${i - 1}}${quasi}`)).join('');
}

function collect(node: Node, file: string, told: boolean, into: SourceText[]): void {
  const text = templateOf(node);
  if (text !== null) into.push({ file, text, told });
  // `as const` and the like stand around values; other types hold none.
  const wraps = node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression';
  const heard = told && (wraps || !isSilent(node));
  for (const child of childrenOf(node)) collect(child, file, heard, into);
}

/** Every text of every source file that may speak to a user. */
export function sourceTexts(): readonly SourceText[] {
  const files = ['src', 'workloads'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((name) => name.endsWith('.ts') && !others.test(name)),
  );
  return files.flatMap((file) => {
    const into: SourceText[] = [];
    const program = parseAst(readFileSync(join(root, file), 'utf8'), { lang: 'ts' }, file);
    collect(program as unknown as Node, file, true, into);
    return into;
  });
}

/** Three words in a row: what a person reads, not a name, a key or a command. */
export function isSentence(text: string): boolean {
  return /(?:^|[\s(])[A-Za-z’']{2,},? [a-z’']+,? [A-Za-z’']{2,}/.test(text);
}
