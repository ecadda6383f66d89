import { messages, notices, reasons } from '../../../core/messages/define.ts';

/** Messages while a daemon.json is changed. */
export const text = notices('registry', {
  silent: 'does not answer: {why}',
  nothingToDo: '{runtime} is already in {file}, unchanged.',
  dryRun: 'Nothing was written (--dry-run).',
  declined: 'Nothing was written.',
  backedUp: 'Backup of the old file: {file}',
  restore:
    'To restore the file from before the first change, as root:  cp {oldest} {file}   Then restart dockerd, which stops containers; a reload alone may keep removed runtimes.',
  writtenLate: 'Another program wrote to the old file in the meantime: see its changes in {file}.',
  written: 'Wrote {file}.',
  notTried: 'The new file was not tried in a private engine, which cannot start here:  @(sudo doctor)',
  notRemapped:
    'dockerd --validate judged the file without userns-remap: with "default" it would create the user dockremap on this host.',
  notReloaded: 'dockerd was not reloaded (--no-reload): it applies the change at its next reload or start.',
  added: 'dockerd (process {pid}) now has {runtime}.',
  removed: 'dockerd (process {pid}) no longer has {runtime}.',
  othersChanged:
    'Note: the reload also changed other runtimes, because the file differed from what dockerd had loaded: {names}',
  warnUsed: 'warning: containers created with {runtime} will not start without it: {containers}',
  warnSidecars:
    'warning: {version} starts {programs} from {directory}/ beside {path}, missing there: install all from one release tarball or package',
  cannotAdd: '{runtime} cannot be added',
  cannotRemove: '{runtime} cannot be removed',
  needsTerminal: '{title}. There is no terminal to ask on. Check the difference, then repeat with --yes.',
  noDaemon: '{title}: {why}; start it, or change only the file with --no-reload',
  failed: '{title}. The daemon did not apply the change. {outcome}',
  rolledBack: 'Rolled back: file and daemon are as before.',
  notRolledBack: 'The file is as before, but the daemon could not be restored: {why}',
  fileNotRestored: 'ROLLBACK FAILED: {why}. Backup of the old file: {backup}',
  noBackup: 'there was none',
  interrupted: 'interrupted',
  notSeen: 'its /info does not show the change after {seconds} s',
  seeLog: 'see its log: journalctl -u docker.service, or wherever dockerd writes it',
  unusable: '{file} cannot be used',
});

/** Words for the places that register runtimes. */
export const words = messages('registry', {
  absent: '{file} does not exist',
  daemon: 'Docker {version}, {endpoint}',
});

/** Reasons for not changing a daemon.json. */
export const why = reasons('registry', {
  absolutePath: { message: 'is not an absolute path', fix: 'write --path {path}' },
  exchangeable: {
    message: 'dockerd would run what others can change: {who}',
    fix: 'copy {path}, with what belongs beside it, to a place that only root can change, such as /opt',
  },
  notExecutable: {
    message: '{path} is not an executable file',
    fix: 'give the path of an OCI runtime: command -v runsc',
  },
  elsewhere: { message: '{path} is not an executable file', fix: 'write --path {elsewhere}' },
  checksumUnread: {
    message: '{file} is not a small text file with a checksum',
    fix: 'give the checksum file published with the program, such as runc.sha256sum',
  },
  checksumAbsent: {
    message: '{file} has no SHA-256 or SHA-512 of {name}',
    fix: 'give the checksum file published with the program; its lines are:  DIGEST  {name}',
  },
  checksumDiffers: {
    message: '{path} is not the published program: its {algorithm} is {found}, but {file} says {published}',
    fix: 'download both again, over https, and do not start this program',
  },
  shimName: {
    message: 'has the form of a containerd shim name',
    fix: 'choose a name without io.containerd.',
  },
  taken: { message: 'is already registered: {how}', fix: 'remove it first, or choose another name' },
  notThere: { message: 'is not registered in this file', fix: 'choose from: {names}' },
  noneThere: { message: 'is not registered in this file', fix: 'there is nothing to remove' },
  isDefault: { message: 'is the default runtime', fix: 'change "default-runtime" first' },
  isUsed: {
    message: 'containers created with it would not start without it: {containers}',
    fix: 'remove these containers first, or add --force',
  },
  notText: { message: 'is not UTF-8 text', fix: 'restore the file from a backup' },
  notWritten: { message: 'cannot be changed: {why}', fix: '@(sudo)' },
  changedMeanwhile: { message: 'another program changed it in the meantime', fix: 'repeat the command' },
  busy: {
    message: 'another ocibench is changing it',
    fix: 'repeat the command when the other one has ended',
  },
  noValidator: {
    message: 'dockerd, which validates the file, is not installed here',
    fix: 'run the command on the daemon’s host',
  },
  invalid: { message: 'dockerd --validate rejects the file: {said}', fix: 'nothing was changed' },
  doesNotStart: {
    message:
      'a private dockerd does not start with the new file, although dockerd --validate accepts it: {said}',
    fix: 'nothing was changed; correct the file first:  @(runtimes explain {file})',
  },
  remote: {
    message: 'the daemon is at {endpoint}, but the file is on this host',
    fix: 'run the command on the daemon’s host',
  },
  otherFile: {
    message: 'the running dockerd (process {pid}) reads {file}',
    fix: 'add --daemon-json {file}, or --no-reload',
  },
  noProcess: {
    message: 'no running dockerd reads this file',
    fix: 'start it, or change only the file with --no-reload',
  },
});
