import { messages, notices, reasons } from '../../../core/messages/define.ts';

/** Messages while a daemon.json is changed. */
export const text = notices('registry', {
  silent: 'does not answer: {why}',
  nothingToDo: '{runtime} is in {file} like that already.',
  dryRun: 'Nothing was written (--dry-run).',
  declined: 'Nothing was written.',
  backedUp: 'The file as it was: {file}',
  writtenLate: 'Another program wrote to the old file in the meantime: look at what it wrote in {file}.',
  written: 'Wrote {file}.',
  notReloaded: 'dockerd was not told (--no-reload): it takes this when it is reloaded or started.',
  added: 'dockerd (process {pid}) has {runtime} now.',
  removed: 'dockerd (process {pid}) no longer has {runtime}.',
  othersChanged:
    'Note: the reload changed other runtimes too, because the file is not what dockerd had before: {names}',
  warnUsed: 'warning: containers were created with {runtime} and will not start without it: {containers}',
  warnSidecars:
    'warning: {directory}/ with {program} is missing beside {path}, and {version} starts it: install both from one release tarball or package',
  cannotAdd: '{runtime} cannot be added',
  cannotRemove: '{runtime} cannot be removed',
  needsTerminal: '{title}. There is no terminal to ask at. Look at the difference, then repeat with --yes.',
  noDaemon: '{title}: {why}; start it, or change the file alone with --no-reload',
  failed: '{title}. The daemon did not take the change. {outcome}',
  rolledBack: 'Rolled back: the file is as it was, and the daemon has the runtimes it had.',
  notRolledBack: 'The file is as it was, but the daemon could not be brought back: {why}',
  fileNotRestored: 'ROLLING BACK FAILED: {why}. The file as it was: {backup}',
  noBackup: 'there was none',
  interrupted: 'interrupted',
  notSeen: 'its /info does not show the change after {seconds} s',
  seeLog: 'its log says why: journalctl -u docker.service, or where dockerd writes to',
  unusable: '{file} cannot be used',
});

/** Words for the places that register runtimes. */
export const words = messages('registry', {
  absent: '{file} is not there',
  daemon: 'Docker {version}, {endpoint}',
});

/** Reasons for not changing a daemon.json. */
export const why = reasons('registry', {
  absolutePath: { message: 'is not an absolute path', fix: 'write --path {path}' },
  notExecutable: {
    message: '{path} is not a file that can be executed',
    fix: 'give the path of an OCI runtime: command -v runsc',
  },
  elsewhere: { message: '{path} is not a file that can be executed', fix: 'write --path {elsewhere}' },
  checksumUnread: {
    message: '{file} is not a small text file with a checksum in it',
    fix: 'give the file that was published beside the program, such as runc.sha256sum',
  },
  checksumAbsent: {
    message: '{file} has no SHA-256 or SHA-512 of {name}',
    fix: 'give the file that was published beside the program; one line is:  DIGEST  {name}',
  },
  checksumDiffers: {
    message: '{path} is not what was published: its {algorithm} is {found}, and {file} says {published}',
    fix: 'download both again, over https, and do not start this program',
  },
  shimName: { message: 'is how containerd names shims', fix: 'choose a name without io.containerd.' },
  taken: { message: 'is registered already: {how}', fix: 'remove it first, or choose another name' },
  notThere: { message: 'is not registered in this file', fix: 'choose from: {names}' },
  noneThere: { message: 'is not registered in this file', fix: 'there is nothing to remove' },
  isDefault: { message: 'is the default runtime', fix: 'change "default-runtime" first' },
  isUsed: {
    message: 'containers were created with it and would not start without it: {containers}',
    fix: 'remove these containers first, or insist with --force',
  },
  notText: { message: 'is not UTF-8 text', fix: 'restore the file from a backup' },
  notWritten: { message: 'cannot be changed: {why}', fix: 'run it as root:  @(sudo)' },
  changedMeanwhile: { message: 'was changed by somebody else meanwhile', fix: 'repeat the command' },
  busy: { message: 'another ocibench changes it', fix: 'repeat the command when that one has ended' },
  noValidator: {
    message: 'dockerd, which has to validate the file, is not installed here',
    fix: 'run it on the host of the daemon',
  },
  invalid: { message: 'dockerd --validate refuses the file: {said}', fix: 'nothing was changed' },
  remote: {
    message: 'the daemon is at {endpoint}, and the file is on this host',
    fix: 'run it on the host of the daemon',
  },
  otherFile: {
    message: 'the dockerd that runs (process {pid}) reads {file}',
    fix: '--daemon-json {file}, or --no-reload',
  },
  noProcess: {
    message: 'no dockerd runs that reads this file',
    fix: 'start it, or change the file alone with --no-reload',
  },
  unreadable: { message: 'cannot be read: {why}', fix: 'run it as root' },
});
