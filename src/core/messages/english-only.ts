/**
 * Groups of messages, by the first parts of their ids, that are said in English in every language: those of commands for
 * professionals. What a student, a class or a page reads is translated.
 */
export const englishOnly: readonly string[] = [
  // capacity: measuring, recording and input of plans. The page of a plan is translated.
  'containerLimit',
  'help.capacity',
  'help.measureCapacity',
  'help.overhead',
  'help.plan',
  'help.record',
  'measureCapacity',
  'overheadCommand',
  'overheadFlags',
  'overheadRun',
  'planCommand',
  'planFile',
  'planFlags',
  'planProblem',
  'planRun',
  'recording',
  'runtimeClass',
  'storedRecording',
  'table.overhead',
  'yaml',
  // daemons elsewhere: contexts, ssh and TLS.
  'context',
  'daemon.ssh',
  'daemon.tls',
  'tls',
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
  // nightly: its commands and exports. The page of the nights is translated.
  'help.gate',
  'help.historyAccept',
  'help.historyExport',
  'help.historyList',
  'help.historyShow',
  'help.nightly',
  'help.nightlyInstall',
  'help.nightlyLearn',
  'help.nightlyPage',
  'help.nightlyStatus',
  'help.nightlyUninstall',
  'help.notify',
  'help.pin',
  'history.alarm',
  'history.cause',
  'history.junit',
  'history.said',
  'history.stage',
  'history.summary',
  'history.table',
  'history.verdict',
  'historyExport',
  'nightly',
  'nightlyReport',
  'notify',
  'notifyCommand',
  'pin',
  'timer',
];

/** Is the message said in English in every language? */
export function isEnglishOnly(id: string): boolean {
  return englishOnly.some((group) => id.startsWith(`${group}.`));
}
