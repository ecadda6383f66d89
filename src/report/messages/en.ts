import type { Verdict } from '../../model/analysis.ts';
import type { Category } from '../../model/metric.ts';
import type { ProcessRole, TrialStep } from '../../model/trial.ts';

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

/** What is wrong with an input, and what to do about it. */
type Refusal = readonly [message: string, fix: string];

/** Every text of reports, tables and charts in English. Arguments are already formatted. */
export const en = {
  // Words
  runtime: 'runtime',
  colon: ': ',
  semicolon: '; ',
  failedCount: (n: number) => `${n} failed`,
  verdict: {
    baseline: 'baseline',
    faster: 'faster',
    slower: 'slower',
    less: 'less',
    more: 'more',
    equivalent: 'equivalent',
    inconclusive: 'inconclusive',
    unavailable: 'unavailable',
  } satisfies Record<Verdict, string>,
  category: {
    startup: 'Startup',
    syscall: 'System calls',
    io: 'Input and output',
    memory: 'Memory',
    cpu: 'CPU',
    network: 'Network',
    app: 'Applications',
    isolation: 'Isolation',
  } satisfies Record<Category, string>,
  role: {
    workload: 'workload',
    sentry: 'sentry (gVisor kernel)',
    gofer: 'gofer (gVisor files)',
    stub: 'stub (gVisor)',
    shim: 'containerd shim',
    runtime: 'runtime process',
    vmm: 'virtual machine',
    virtiofsd: 'virtiofsd',
    'kata-proxy': 'kata-proxy',
    'kata-shim': 'kata-shim',
    'docker-proxy': 'docker-proxy',
    dockerd: 'dockerd',
    containerd: 'containerd',
    other: 'other',
  } satisfies Record<ProcessRole, string>,
  step: {
    prepare: 'preparing',
    create: 'creating',
    attach: 'attaching',
    start: 'starting',
    run: 'running',
    peer: 'running the peer',
    probe: 'asking the service',
    exec: 'running a program in it',
    pause: 'pausing',
    stop: 'stopping',
    remove: 'removing',
    collect: 'collecting',
    parse: 'reading the output',
  } satisfies Record<TrialStep, string>,

  and: (words: readonly string[]) =>
    words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`,
  cpuCount: (n: number, model: string) => `${n} × ${model}`,
  timedOut: (seconds: string) => `timed out after ${seconds}`,
  leakedText: (processes: number, trials: number) =>
    `Runtimes left ${processes} ${plural(processes, 'process', 'processes')} behind after ${trials} ${plural(trials, 'trial', 'trials')}; they were ended.`,
  stopReason: {
    precision: 'the precision that was asked for',
    'max-blocks': 'the greatest number of blocks',
    'max-time': 'the time limit',
    interrupted: 'interruption',
    'engine-lost': 'the end of the engine',
  },
  subjectsCount: (count: string, n: number) => `${count} ${plural(n, 'subject', 'subjects')}`,

  // ocibench runtimes
  registry: {
    absent: 'is not there',
    silent: (why: string) => `does not answer: ${why}`,
    ask: 'Write this? [y/N] ',
    yesPattern: '^y(es)?$',
    nothingToDo: (name: string, file: string) => `${name} is in ${file} like that already.`,
    dryRun: 'Nothing was written (--dry-run).',
    declined: 'Nothing was written.',
    backedUp: (file: string) => `The file as it was: ${file}`,
    written: (file: string) => `Wrote ${file}.`,
    notReloaded: 'dockerd was not told (--no-reload): it takes this when it is reloaded or started.',
    added: (name: string, pid: number) => `dockerd (process ${pid}) has ${name} now.`,
    removed: (name: string, pid: number) => `dockerd (process ${pid}) no longer has ${name}.`,
    othersChanged: (names: string) =>
      `Note: the reload changed other runtimes too, because the file is not what dockerd had before: ${names}`,
    warnUsed: (name: string, containers: string) =>
      `warning: containers were created with ${name} and will not start without it: ${containers}`,
    // Errors
    cannotAdd: (name: string) => `${name} cannot be added`,
    cannotRemove: (name: string) => `${name} cannot be removed`,
    needsTerminal: 'There is no terminal to ask at. Look at the difference, then repeat with --yes.',
    absolutePath: (path: string) => ['is not an absolute path', `write --path ${path}`] as Refusal,
    notExecutable: (path: string) =>
      [
        `${path} is not a file that can be executed`,
        'give the path of an OCI runtime: command -v runsc',
      ] as Refusal,
    isShim: (path: string) =>
      [
        `${path} is a containerd shim, which dockerd does not call by path as an OCI runtime`,
        'give the path of the OCI runtime; for a shim write "runtimeType" into daemon.json',
      ] as Refusal,
    shimName: ['is how containerd names shims', 'choose a name without io.containerd.'] as Refusal,
    taken: (how: string) =>
      [`is registered already: ${how}`, 'remove it first, or choose another name'] as Refusal,
    notThere: (names: string) =>
      [
        'is not registered in this file',
        names === '' ? 'there is nothing to remove' : `choose from: ${names}`,
      ] as Refusal,
    isDefault: ['is the default runtime', 'change "default-runtime" first'] as Refusal,
    isUsed: (containers: string) =>
      [
        `containers were created with it and would not start without it: ${containers}`,
        'remove these containers first, or insist with --force',
      ] as Refusal,
    notText: ['is not UTF-8 text', 'restore the file from a backup'] as Refusal,
    notWritten: (why: string) =>
      [`cannot be changed: ${why}`, 'run it as root: sudo ocibench runtimes …'] as Refusal,
    changedMeanwhile: ['was changed by somebody else meanwhile', 'repeat the command'] as Refusal,
    noValidator: [
      'dockerd, which has to validate the file, is not installed here',
      'run it on the host of the daemon',
    ] as Refusal,
    invalid: (said: string) =>
      [`dockerd --validate refuses the file: ${said}`, 'nothing was changed'] as Refusal,
    remote: (url: string) =>
      [
        `the daemon is at ${url}, and the file is on this host`,
        'run it on the host of the daemon',
      ] as Refusal,
    otherFile: (pid: number, file: string) =>
      [
        `the dockerd that runs (process ${pid}) reads ${file}`,
        `--daemon-json ${file}, or --no-reload`,
      ] as Refusal,
    fileAlone: 'start it, or change the file alone with --no-reload',
    noProcess: [
      'no dockerd runs that reads this file',
      'start it, or change the file alone with --no-reload',
    ] as Refusal,
    failed: 'The daemon did not take the change.',
    rolledBack: 'Rolled back: the file is as it was, and the daemon has the runtimes it had.',
    notRolledBack: (why: string) => `The file is as it was, but the daemon could not be brought back: ${why}`,
    fileNotRestored: (why: string, backup: string) =>
      `ROLLING BACK FAILED: ${why}. The file as it was: ${backup}`,
    noBackup: 'there was none',
    interrupted: 'interrupted',
    notSeen: (seconds: number) => `its /info does not show the change after ${seconds} s`,
    seeLog: 'its log says why: journalctl -u docker.service, or where dockerd writes to',
  },

  // A run that is cut off, or has to wait
  cutOff: {
    busy: (owner: string) => `somebody else measures on this host: ${owner}`,
    busyOwner: (command: string, runId: string, pid: number, since: string) =>
      `${command}, run ${runId}, pid ${pid}, since ${since}`,
    busyMessage: 'two measurements at once would measure each other',
    busyFix: (pid: number) => `wait for it with --wait, or end it:  kill -INT ${pid}`,
    busyUnseen: (file: string) =>
      `wait for it with --wait; it runs in another PID namespace (a container) and cannot be seen from here; once you know that it has ended:  rm ${file}`,
    waiting: (owner: string) => `waiting for the end of ${owner} (Ctrl-C to give up)`,
    gaveUpWaiting: 'interrupted while waiting: nothing was measured',
    nothingMeasured: 'interrupted before anything was measured',
    endsAtOnce: 'ending at once; what is left here is removed by the next start, or by:  ocibench clean',
    setAside: (file: string, bytes: number, keptIn: string) =>
      `${file}: its end had been cut off by a crash; ${bytes} bytes are kept in ${keptIn}`,
    tornLeftOut: (file: string) => `${file}: its last line was cut off by a crash and is left out`,
    engineLost: (detail: string) =>
      `the engine was lost: ${detail}; a new one is opened, and the run goes on with the trial that was in flight`,
    engineLostAgain: (times: number, detail: string) =>
      `the engine was lost ${times} times, the last time: ${detail}; what was measured is saved`,
    calibrationLost: (detail: string) =>
      `the engine was lost in the midst of the calibration (${detail}): it has to be started again`,
    crashed: (runId: string, command: string) =>
      `run ${runId} was cut off and can be gone on with:  ${command}`,
    goOn: (command: string) => `go on with:  ${command}`,
  },
};
