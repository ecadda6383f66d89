/**
 * Groups of messages, by the first parts of their ids, that are said in English in every language: those of commands for
 * professionals. What a student, a class or a page reads is translated.
 */
export const englishOnly: readonly string[] = [
  // fleet: merging, combining and publishing runs. Notes on a fleet, and its page, are read by classes.
  'combine',
  'combineCommand',
  'help.combine',
  'help.merge',
  'help.publish',
  'merge',
  'mergeCommand',
  'publish',
  'published',
  'table.combined',
];

/** Is the message said in English in every language? */
export function isEnglishOnly(id: string): boolean {
  return englishOnly.some((group) => id.startsWith(`${group}.`));
}
