/** Characters of a slug: long names are hostile or generated, and addresses must not be. */
const longest = 100;

/**
 * Addresses of series: letters and digits of their names. Names that give the same one are counted; `s-` keeps them apart
 * from the other places of a page.
 */
export function slugsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<string, number>();
  return new Map(
    names.toSorted().map((name) => {
      const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
      const plain = ['s', ...words].join('-').slice(0, longest).replace(/-$/, '');
      const count = (taken.get(plain) ?? 0) + 1;
      taken.set(plain, count);
      return [name, count === 1 ? plain : `${plain}--${count}`];
    }),
  );
}
