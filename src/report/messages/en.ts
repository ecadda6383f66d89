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

  // While a run goes on
  progress: {
    begin: (subjects: string, runtimes: string, blocks: string, limit: string) =>
      `Measuring ${subjects} under ${runtimes}: ${blocks} blocks after the warm-up, ${limit} at most.`,
    warmup: 'warm-up',
    block: (block: number, least: number, most: number) =>
      least === most ? `block ${block} of ${most}` : `block ${block} of ${least} to ${most}`,
    blockEnded: (block: string, trials: number, took: string) =>
      `${block}: ${trials} ${plural(trials, 'trial', 'trials')} in ${took}`,
    subjects: (measured: number, all: number) => `${measured} of ${all} subjects`,
    leftBetween: (least: string, most: string) => `${least}–${most} left`,
    leftAtMost: (most: string) => `at most ${most} left`,
    now: 'now',
    soFar: (cost: string, baseline: string) => `so far ${cost} of the cost of ${baseline}`,
    noRatio: 'no ratio yet',
    noInterval: 'no interval yet',
    costs: (baseline: string) => `Cost ÷ cost of ${baseline} so far, mean by category (above 1×: costs more)`,
    uncertain: 'Least certain so far (± half of the interval; what is precise enough)',
    precision: (half: string, target: string) => `±${half} for ±${target}`,
    failed: (cell: string, why: string) => `failed: ${cell}: ${why}`,
    unsupported: (cell: string, why: string) => `not supported: ${cell}: ${why}`,
    disturbed: (trials: number, all: number, by: string) =>
      `${trials} of ${all} trials ran while the host was disturbed (${by})`,
    ended: (trials: number, took: string, reason: string) =>
      `${trials} ${plural(trials, 'trial', 'trials')} in ${took}; ended by: ${reason}.`,
    category: {
      startup: 'startup',
      syscall: 'syscalls',
      io: 'I/O',
      memory: 'memory',
      cpu: 'CPU',
      network: 'network',
      app: 'apps',
      isolation: 'isolation',
    } satisfies Record<Category, string>,
  },

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
  // Charts
  chartN: (low: number, high: number) => (low === high ? `n = ${low}` : `n = ${low} to ${high}`),
  chartEmulatedGuests: (names: string) => `Emulated guest: ${names}; these times are the emulator’s`,
  chartEmulated: (by: string) => `Emulated processor (${by}): for demonstration only, not for decisions`,
  noData: {
    overhead: 'no runtime has a ratio to the baseline',
    startup: 'no startup workload has values',
    phases: 'no startup workload has phases',
    pss: 'no process memory (PSS) was recorded',
    syscalls: 'no costs of single system calls were recorded',
    syscallRatios: 'no cost of a system call has a ratio to the baseline',
    io: 'no I/O throughput was recorded for a target and operation',
    burst: 'the workload startup/burst has no values',
    density: 'the workload startup/density has no values',
    cpu: 'no CPU time was recorded for a startup workload',
  },
  subjectsCount: (count: string, n: number) => `${count} ${plural(n, 'subject', 'subjects')}`,
  ofCount: (part: number, all: number) => `${part} of ${all}`,
  overviewTitle: (baseline: string) => `All costs relative to ${baseline}, by category`,
  overviewCaption: (band: string) =>
    `Large: geometric mean of the ratios, each subject counting once (a summary, without interval); small: subjects; line: from the cheapest to the costliest (not a confidence interval); grey band: ±${band}, of no practical matter`,
  overviewHollow: '; hollow: inconclusive',
  overheadTitle: (category: string, baseline: string) => `${category}: cost relative to ${baseline}`,
  overheadAxis: (baseline: string, inverted: boolean) =>
    `cost ÷ cost of ${baseline} (log scale; right of 1× costs more${inverted ? '; rates inverted' : ''})`,
  overheadCaption: (confidence: string, band: string) =>
    `Paired ratio with ${confidence} CI; grey band: ±${band}, of no practical matter`,
  paramsElided: '; parameters that all subjects of a workload share are left out',
  overheadHollow: '; hollow: too few pairs for an interval',
  distributionTitle: 'Every start: time to first output',
  distributionCaption: (confidence: string) =>
    `One dot a container; black line: median, grey bar: its ${confidence} CI`,
  sampled: (shown: string, total: string) => `${shown} of ${total} values drawn`,
  subjectsShown: (shown: number, total: number) => `${shown} of ${total} subjects, the first ones`,
  timeAxis: (unit: string, log: boolean) => `time in ${unit}${log ? ' (log scale)' : ''}`,
  phasesTitle: 'Where the time of a short container goes',
  phasesCaption: 'Sum of per-phase medians, which differs a little from the median of the sum',
  phase: {
    create: 'create',
    output: 'start to first output',
    exit: 'first output to exit',
    remove: 'remove',
  },
  memoryTitle: 'Memory of an idle container',
  memoryCaption:
    'Sum of per-role medians of PSS, and shared memory of the cgroup that no process maps; black tick: peak that the container’s cgroup counted (file cache included)',
  memoryAxis: (unit: string) => `Memory in ${unit}`,
  unmappedShmem: 'shared, mapped by none',
  syscallTitle: 'Cost of a system call',
  syscallCaption: (shown: number, total: number, confidence: string) =>
    shown === total
      ? `${shown} system calls, cheapest under the baseline first; line: ${confidence} CI`
      : `${shown} of ${total} system calls (well-known ones, then those where runtimes differ most); line: ${confidence} CI`,
  syscallAxis: (unit: string) => `time per call in ${unit} (log scale)`,
  heatmapTitle: (baseline: string) => `System calls one by one: cost relative to ${baseline}`,
  heatmapCaption: (s: { readonly shown: number; readonly total: number; readonly single: boolean }) =>
    [
      'First column: median time of one call under the baseline; the others: paired ratio to it (?: inconclusive, –: not measured). ',
      s.shown === s.total
        ? `All ${s.total} that have ratios`
        : `${s.shown} of ${s.total}: operations, then single calls, each time the conclusive ones furthest from 1× first`,
      s.single ? '; name(): a single call timed by stress-ng' : '',
    ].join(''),
  heatmapLegend: (baseline: string) => `cost ÷ cost of ${baseline} (log scale)`,
  ioTitle: 'Throughput of file input and output, by target and operation',
  ioCaption: (confidence: string) => `Median with ${confidence} CI; right is better; empty: not measured`,
  ioAxis: (unit: string) => `throughput in ${unit} (log scale)`,
  curveAxis: (axis: string, log: boolean) => `${axis}${log ? ' (log scale)' : ''}`,
  burstTitle: 'Starts made at once: latency, rate and CPU',
  burstCaption: (confidence: string, slowest: boolean) =>
    `Medians with ${confidence} CI${slowest ? '; dashed: the slowest container of a burst' : ''}`,
  burstX: 'containers started at once',
  burstLatency: 'Time to first output',
  burstRate: 'Starts per second',
  burstRateAxis: (log: boolean) => `starts/s${log ? ' (log scale)' : ''}`,
  burstCpu: 'CPU per start',
  densityTitle: 'What an idle sandbox costs as they become many',
  densityCaption: (confidence: string) =>
    `Medians with ${confidence} CI, per sandbox. Three views of memory on one scale: what the host’s MemAvailable lost, what cgroups were charged, and the footprint of all processes`,
  densityX: 'sandboxes',
  densityAxis: (unit: string) => `${unit} per sandbox`,
  densityView: {
    available: 'Memory: by MemAvailable',
    charged: 'Memory: charged',
    resident: 'Memory: resident',
    footprint: 'Memory: footprint',
  },
  densityIdle: 'CPU of an idle one',
  densityIdleAxis: '% of one CPU',
  costTitle: 'CPU time to start and remove one container',
  costCaption:
    'Sum of medians: the trial’s own cgroup, and the engine (dockerd, containerd, shims) meanwhile',
  costAxis: (unit: string) => `CPU time in ${unit}`,
  costPart: { cgroup: 'container’s cgroup', engine: 'engine', both: 'both together' },
  sequenceTitle: 'Time to first output in the order of measurement',
  sequenceCaption: 'A slope or step here is drift of the host; pairing within blocks takes it out of ratios',
  sequenceAxis: 'trial, in order of time',

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
