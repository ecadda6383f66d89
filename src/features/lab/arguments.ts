/** Options of `ocibench run` whose value is a path on this host. The lab provides these to the guest by other means. */
const hostPlaces = ['--out', '--config', '--daemon-json'];

/** Removes these options and their values from a command line, in both forms: `--out X`, `--out=X`. */
function without(words: readonly string[], options: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (options.includes(word)) at++;
    else if (!options.some((option) => word.startsWith(`${option}=`))) kept.push(word);
  }
  return kept;
}

/** The options of `ocibench run` for the guest. `resumed`: id of the run to go on with, or null. */
export function runArguments(words: readonly string[], resumed: string | null): readonly string[] {
  if (resumed === null) return without(words, hostPlaces);
  return [...without(words, [...hostPlaces, '--resume']), '--resume', resumed];
}

/** Encodes a command for the guest: each word ends with a NUL, so that no shell parses it again. */
export function encodeCommand(words: readonly string[]): string {
  const broken = words.find((word) => word.includes('\0'));
  if (broken !== undefined) throw new RangeError('a word of a command cannot hold a NUL');
  return words.map((word) => `${word}\0`).join('');
}
