/** A message as its source defines it. */
export interface Definition {
  /** English, ICU MessageFormat. */
  readonly template: string;
  /**
   * True for a warning, an error or a reason, which `docs/reasons.md` explains; false for words of a table, a chart or
   * the help.
   */
  readonly isReason: boolean;
}

const definitions = new Map<string, Definition>();

/** Ids are public: two messages may not share one. A module that is evaluated again registers the same template again. */
export function register(id: string, definition: Definition): void {
  const known = definitions.get(id);
  if (known !== undefined && known.template !== definition.template)
    throw new Error(`two messages are called ${id}`);
  definitions.set(id, definition);
}

/** The English template of a message; undefined where this version does not define the id. */
export function templateOf(id: string): string | undefined {
  return definitions.get(id)?.template;
}

/** All messages of the modules that were imported so far. */
export function allDefinitions(): ReadonlyMap<string, Definition> {
  return definitions;
}
