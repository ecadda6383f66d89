import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type Comment,
  type Expression,
  parseSync,
  type Statement,
  type TSTypeAliasDeclaration,
} from 'oxc-parser';

/** A declaration of a module: what is written, where it is, and the comment above it. */
export interface Declared<T> {
  readonly module: SourceModule;
  readonly written: T;
  readonly comment: string | undefined;
}

/** A source file of ocibench, parsed: its constants and types by name, those that it imports included. */
export class SourceModule {
  static readonly #loaded = new Map<string, SourceModule>();
  readonly #path: string;
  readonly source: string;
  readonly #comments: readonly Comment[];
  readonly #constants = new Map<string, Declared<Expression>>();
  readonly #types = new Map<string, Declared<TypeDeclaration>>();
  /** Local name → where it comes from. */
  readonly #imports = new Map<string, readonly [file: string, name: string]>();

  static load(path: string): SourceModule {
    const known = SourceModule.#loaded.get(path) ?? new SourceModule(path);
    SourceModule.#loaded.set(path, known);
    return known;
  }

  private constructor(path: string) {
    this.#path = path;
    this.source = readFileSync(path, 'utf8');
    const { program, comments, errors } = parseSync(path, this.source, { preserveParens: false });
    if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
    this.#comments = comments;
    for (const statement of program.body) this.#declare(statement);
  }

  #declare(statement: Statement | TypeDeclaration, at = statement.start): void {
    const comment = this.commentBefore(at);
    if (statement.type === 'ImportDeclaration')
      for (const { local, ...specifier } of statement.specifiers)
        this.#imports.set(local.name, [
          statement.source.value,
          'imported' in specifier ? nameOf(specifier.imported) : local.name,
        ]);
    if (statement.type === 'ExportNamedDeclaration') {
      if (statement.declaration !== null) this.#declare(statement.declaration, at);
      for (const { local, exported } of statement.source === null ? [] : statement.specifiers)
        this.#imports.set(nameOf(exported), [statement.source?.value ?? '', nameOf(local)]);
    }
    if (statement.type === 'VariableDeclaration')
      for (const { id, init } of statement.declarations)
        if (id.type === 'Identifier' && init !== null)
          this.#constants.set(id.name, { module: this, written: init, comment });
    if (statement.type === 'TSInterfaceDeclaration' || statement.type === 'TSTypeAliasDeclaration')
      this.#types.set(statement.id.name, { module: this, written: statement, comment });
  }

  constant(name: string): Declared<Expression> | undefined {
    return this.#constants.get(name) ?? this.#imported(name, (module, original) => module.constant(original));
  }

  type(name: string): Declared<TypeDeclaration> | undefined {
    return this.#types.get(name) ?? this.#imported(name, (module, original) => module.type(original));
  }

  #imported<T>(name: string, find: (module: SourceModule, original: string) => T | undefined): T | undefined {
    const [file, original] = this.#imports.get(name) ?? [];
    if (file === undefined || original === undefined || !file.startsWith('.')) return undefined;
    return find(SourceModule.load(resolve(dirname(this.#path), file)), original);
  }

  text({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.source.slice(start, end);
  }

  /** The documentation comment that ends right before a position, without its stars. */
  commentBefore(position: number): string | undefined {
    const comment = this.#comments.findLast(({ end }) => end <= position);
    if (comment?.type !== 'Block' || !comment.value.startsWith('*')) return undefined;
    return this.source.slice(comment.end, position).trim() === '' ? plainComment(comment.value) : undefined;
  }
}

type TypeDeclaration = TSTypeAliasDeclaration | Extract<Statement, { type: 'TSInterfaceDeclaration' }>;

const nameOf = (name: { readonly name: string } | { readonly value: string }): string =>
  'name' in name ? name.name : name.value;

/** A comment's text: lines of a paragraph joined, items of a list kept apart, links reduced to their names. */
function plainComment(value: string): string {
  return value
    .replaceAll(/^\s*\*+ ?/gm, '')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .trim()
    .replaceAll(/\n(?!\n|- )(?<!\n\n)/g, ' ')
    .replaceAll(/ {2,}/g, ' ');
}
