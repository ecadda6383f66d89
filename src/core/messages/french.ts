import catalogue from './fr.json' with { type: 'json' };

/** id → French ICU template, in which `~` stands for a no-break space, since editors do not show that. */
export const frenchCatalogue: Readonly<Record<string, string>> = catalogue;

/** The French template of a message, with its no-break spaces; undefined where there is none. */
export function french(id: string): string | undefined {
  return Object.hasOwn(frenchCatalogue, id) ? frenchCatalogue[id]?.replaceAll('~', '\u00a0') : undefined;
}
