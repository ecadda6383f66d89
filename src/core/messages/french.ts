import catalogue from './fr.json' with { type: 'json' };

/** id → French ICU template. In it `~` is a no-break space, which an editor would not show. */
export const frenchCatalogue: Readonly<Record<string, string>> = catalogue;

/** The French template of a message, with its no-break spaces; undefined where there is none. */
export function french(id: string): string | undefined {
  return Object.hasOwn(frenchCatalogue, id) ? frenchCatalogue[id]?.replaceAll('~', '\u00a0') : undefined;
}
