import type { Unsteady, Verdict } from '../../model/analysis.ts';
import type { CalibrationVerdict } from '../../model/calibration.ts';
import type { EngineFacts } from '../../model/host.ts';
import type { Category } from '../../model/metric.ts';
import type { DockerUse } from '../../model/runtime-layer.ts';
import type { ProcessRole, TrialStep } from '../../model/trial.ts';
import type { Standing } from '../category-summary.ts';
import { formatCount } from '../format.ts';
import { metricWords } from './metrics.ts';

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

/** What is wrong with an input, and what to do about it. */
type Refusal = readonly [message: string, fix: string];

/** Every text of reports, tables and charts in English. Arguments are already formatted. */
export const en = {
  // Words
  runtime: 'runtime',
  workload: 'workload',
  fix: 'Fix',
  colon: ': ',
  semicolon: '; ',
  unknown: 'unknown',
  yes: 'on',
  no: 'off',
  lowerBetter: 'lower is better',
  higherBetter: 'higher is better',
  median: 'median',
  medianCi: (confidence: string) => `median [${confidence} CI]`,
  ratioCi: (baseline: string) => `× ${baseline} [CI]`,
  verdictHead: 'verdict',
  nHead: 'n',
  allWorkloads: 'all workloads',
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
  metric: metricWords('en'),

  // Terminal table
  tableTitle: (blocks: number) =>
    `${blocks} ${plural(blocks, 'block', 'blocks')}; every block runs each combination once, in random order`,
  takeCare: 'Take care',
  /** Beside a time or rate of a runtime whose guests were executed in software. */
  emulatedGuest: 'emulated guest',
  emulated: (by: string) =>
    `the processor was emulated (${by}). Ratios between runtimes are for demonstration, not for decisions.`,
  notMeasured: 'Could not be measured',
  nothingMeasured: 'Nothing was measured.',

  summaryIntro: (subjects: number, baseline: string) =>
    `${subjects} subjects. Mean: geometric mean of the cost ratios to ${baseline} (above 1 costs more; rates inverted), each subject counting once. “?”: inconclusive; after a mean: all of its subjects are.`,
  categoryHead: 'category',
  summaryMean: 'mean',
  summaryWorst: 'costliest',
  summaryBest: 'cheapest',
  standing: {
    worse: 'worse',
    better: 'better',
    differs: 'different',
    equivalent: 'equivalent',
    inconclusive: 'inconclusive',
    unavailable: 'not measured',
  } satisfies Record<Standing, string>,
  summaryCounts: 'Number of subjects',
  fullTable: 'Every subject is in report.md and report.html, every metric in summary.csv.',
  moreAbsent: (n: number) => `and ${n} more ${plural(n, 'reason', 'reasons')}: see report.md`,

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

  // Calibration
  calibration: {
    what: 'what was injected',
    injected: 'injected',
    measured: (confidence: string) => `measured [${confidence} interval]`,
    allowed: 'allowed',
    pairs: 'pairs',
    orMore: 'or more',
    verdict: {
      pass: 'pass',
      fail: 'FAIL',
      inconclusive: 'inconclusive',
      absent: 'absent',
    } satisfies Record<CalibrationVerdict, string>,
    emulated: '! emulated processor',
    emulatedMeaning: 'counts hold here too, times are of this emulation',
    notes: 'notes',
    notCalibrated: 'not calibrated',
    counts: (pass: number, fail: number, inconclusive: number, absent: number) =>
      `${pass} passed, ${fail} failed, ${inconclusive} inconclusive, ${absent} absent`,
  },

  // Comparison of two runs
  comparedRuns: (before: string, after: string) => `${after} against ${before}`,
  comparedAlthough: (key: string, was: string, is: string) => `  although ${key} was ${was} and is ${is}`,
  comparedBefore: 'before',
  comparedAfter: 'after',
  comparedChange: 'after ÷ before',
  comparedCounts: (all: number, claimed: number, equivalent: number, inconclusive: number) =>
    `${all} ${plural(all, 'headline', 'headlines')} in both runs: ${claimed} changed, ${equivalent} equivalent, ${inconclusive} inconclusive.`,
  comparedOtherFigures: (workload: string, was: string, is: string) =>
    `${workload} is not compared: its figure was ${was} and is now ${is}.`,
  comparedNeighbours: (workloads: string, was: number | null, is: number | null) =>
    `Of ${workloads} no change is claimed: memory by PSS depends on the sandboxes of others on the host (${was ?? 'unknown'} before, ${is ?? 'unknown'} after).`,
  comparedUnmatched: (count: number) =>
    `${count} ${plural(count, 'cell has', 'cells have')} values in one of the runs only.`,

  // Report
  and: (words: readonly string[]) =>
    words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`,
  reportTitle: (runtimes: string) => `What ${runtimes} cost`,
  reportTitleNone: 'What container runtimes cost',
  reportMeta: (runId: string, started: string, host: string) => `Run ${runId}, ${started}, on ${host}.`,
  statusNote: {
    running: 'This run has not ended: the numbers are provisional.',
    interrupted: 'This run was interrupted: it holds what was measured until then.',
    failed: 'This run failed: it holds what was measured until then.',
  },
  categoryInText: {
    startup: 'starting and stopping',
    syscall: 'system calls',
    io: 'input and output',
    memory: 'memory',
    cpu: 'CPU-bound work',
    network: 'network',
    app: 'applications',
    isolation: 'isolation',
  } satisfies Record<Category, string>,
  inShort: {
    hostNetwork: 'network of the host',
    against: (value: string, baseline: string) => `${value} against ${baseline}`,
    startsSlower: (ratio: string, baseline: string, values: string) =>
      `starts slower, in ${ratio} the time of ${baseline} (${values}).`,
    startsFaster: (ratio: string, baseline: string, values: string) =>
      `starts faster, in ${ratio} the time of ${baseline} (${values}).`,
    startsAlike: (ratio: string, baseline: string, band: string) =>
      `starts as fast as ${baseline} within ±${band} (${ratio}).`,
    startsUndecided: (ratio: string, baseline: string) =>
      `whether it starts faster or slower than ${baseline} is not decided (${ratio}).`,
    holdsMore: (difference: string, values: string) =>
      `An idle container holds ${difference} more memory (${values}).`,
    holdsLess: (difference: string, values: string) =>
      `An idle container holds ${difference} less memory (${values}).`,
    holdsAlike: (ratio: string, baseline: string, band: string) =>
      `An idle container holds as much memory as under ${baseline} within ±${band} (${ratio}).`,
    holdsUndecided: (ratio: string, baseline: string) =>
      `Whether an idle container holds more or less memory than under ${baseline} is not decided (${ratio}).`,
    worse: (claims: string) => `Costs more: ${claims}.`,
    better: (claims: string) => `Costs less: ${claims}.`,
    claim: (claim: {
      readonly category: string;
      readonly ratio: string;
      readonly subject: string;
      readonly claimed: number;
      readonly subjects: number;
      readonly which: 'worse' | 'better';
    }) =>
      claim.subjects === 1
        ? `${claim.category} ${claim.ratio} (${claim.subject})`
        : `${claim.category} ${claim.which === 'worse' ? 'up' : 'down'} to ${claim.ratio} (${claim.subject}; ${claim.claimed} of ${claim.subjects} subjects)`,
    unaffected: (categories: string, band: string, baseline: string) =>
      `Unaffected, within ±${band} of ${baseline}: ${categories}.`,
    undecided: (categories: string) => `Not decided: ${categories}.`,
    workloadsUnder: (workloads: string, runtimes: string) => `${workloads} under ${runtimes}`,
  },
  answersHeading: 'In short',
  answersIntro: (baseline: string, confidence: string) =>
    `Every ratio is to ${baseline}; brackets hold the ${confidence} confidence interval.`,
  answerBaseline: (value: string) => `, ${value}`,
  answerTime: (ratio: string, interval: string, baseline: string) =>
    ` takes ${ratio} as long as ${baseline} ${interval}`,
  answerRate: (ratio: string, interval: string, baseline: string) =>
    ` reaches ${ratio} the rate of ${baseline} ${interval}`,
  answerAmount: (ratio: string, interval: string, baseline: string) =>
    ` needs ${ratio} as much as ${baseline} ${interval}`,
  answerEquivalent: (band: string, ratio: string, interval: string, baseline: string) =>
    ` is equivalent to ${baseline}: the difference is within ±${band} (${ratio} ${interval})`,
  answerInconclusive: (ratio: string, interval: string, pairs: string) =>
    ` is inconclusive: ${ratio} ${interval} after ${pairs} pairs neither shows nor rules out a difference that matters`,
  answerNoRatio: ' could not be compared',
  answerUnavailable: ' could not be measured',
  noInterval: '(too few pairs for an interval)',
  setupHeading: 'What was compared, and where',
  version: 'version',
  arguments: 'arguments',
  platform: 'platform',
  state: 'state',
  available: 'measured',
  hostFacts: {
    machine: 'Machine',
    kernel: 'Kernel',
    cpu: 'CPU',
    memory: 'Memory',
    cgroup: 'cgroup',
    engine: 'Engine',
    conditions: 'Conditions of the daemon',
    logging: 'Output of containers',
    virtualisation: 'Virtualised by',
    emulation: 'Processor emulated by',
    clocksource: 'Clock source',
    governor: 'CPU governor',
    turbo: 'Turbo',
    smt: 'SMT',
    mitigations: 'CPU mitigations',
    harness: 'Harness',
  },
  cpuCount: (n: number, model: string) => `${n} × ${model}`,
  engineText: (version: string, kind: string, storage: string, driver: string, cgroup: string) =>
    `Docker ${version} (${kind}), storage ${storage}, cgroup driver ${driver}, cgroup version ${cgroup}`,
  condition: {
    seccomp: 'seccomp profile',
    securityModule: 'security module',
    noNewPrivileges: 'no-new-privileges',
    defaultUlimits: 'default-ulimits',
    liveRestore: 'live-restore',
    userlandProxy: 'userland-proxy',
    icc: 'icc',
    logDriver: 'log driver',
    backingFileSystem: 'file system below the storage driver',
    otherContainers: 'other containers running at the start',
  },
  loggingNone:
    'measured containers have no log driver (LogConfig none), whatever the daemon’s default: a program that prints much costs more in production. io/log-lines measures how much',
  engineKind: { docker: 'the host’s daemon', embedded: 'private daemon' },
  cgroupControllers: (mode: string, controllers: string) => `${mode} (${controllers})`,
  costsHeading: 'What it costs in CPU and memory',
  costsIntro: (baseline: string) => `Medians; in parentheses the ratio to ${baseline}.`,
  chartsHeading: 'Charts',
  chartAbsent: 'Left out, for want of data:',
  factsHeading: 'What isolation there is',
  factsIntro:
    'What the programs in the containers saw and said, word for word. These are facts, not timings, and nobody outside has checked them.',
  factHead: 'fact',
  factVaries: 'differs between trials',
  fact: {
    'kernel.release': 'kernel inside',
    'kernel.version': 'version of that kernel',
    'syscalls.answered': 'system calls that answer',
    'syscalls.ended': 'system calls that end the process (numbers)',
    'syscalls.skipped': 'system calls not tried (numbers)',
    'seccomp.mode': 'seccomp, as told inside',
    no_new_privileges: 'no new privileges',
    capabilities: 'capabilities',
    'security.label': 'label of the security module',
    'user.mapping': 'user ids inside, outside, how many',
    hostname: 'name of the host inside',
    'cgroup.visible': 'what /proc/self/cgroup shows',
    'kernel.log': 'log of the kernel (dmesg)',
    devices: 'entries of /dev',
    'mounts.all': 'mounts',
    'mounts.writable': 'writable mounts',
    'cpu.model': 'CPU model inside',
    'cpu.count': 'CPUs inside',
    'memory.total': 'memory inside (MemTotal)',
    'processes.visible': 'processes inside',
    'network.interfaces': 'network interfaces',
    'network.mode': 'network mode',
    'limit.ended-by': 'ended by',
    'limit.exit-code': 'exit code',
    'limit.engine-says-oom': 'OOM kill, as the engine says',
    'smallest.starts': 'does a container start',
  },
  missingHeading: 'What could not be measured, and why',
  notInPreset: (names: string, preset: string) => `Asked for, and not in the preset ${preset}: ${names}.`,
  missingNone: 'Everything that was planned was measured.',
  withoutValueHeading: 'Without a value',
  unsupportedHeading: 'Not supported',
  hiddenHeading: 'Not visible from the harness',
  hiddenWhere: {
    remote: 'The engine runs on another machine.',
    'other-kernel':
      'The engine answers on this machine but runs under another kernel (a virtual machine, or a socket that is forwarded).',
    rootless:
      'The engine is rootless: its containers are in cgroups of its user, where the harness can place none.',
  } satisfies Record<NonNullable<EngineFacts['hidden']>, string>,
  hiddenFigures:
    'Times are those that this harness saw, and the way to the engine is part of each of them. CPU and memory come from Docker’s own statistics, the last ones before the container ended; containers that live less than 0.2 s have none. Absent, and left empty rather than zero: memory footprint and PSS, pressure, I/O and page faults of the cgroup, CPU of the engine, the time series, processes that outlive their container, and the noise of the host.',
  reached: {
    unix: null,
    tls: 'reached by TCP with mutual TLS',
    ssh: 'reached by ssh',
    tcp: 'reached by TCP without protection (--insecure-tcp)',
  } satisfies Record<NonNullable<EngineFacts['transport']>, string | null> as Record<
    NonNullable<EngineFacts['transport']>,
    string | null
  >,
  unavailableHeading: 'Runtimes that cannot run here',
  failuresHeading: 'Failed trials',
  failureHead: 'failure',
  countHead: 'trials',
  stepHead: 'while',
  timedOut: (seconds: string) => `timed out after ${seconds}`,
  engineSays: 'The engine says',
  givenUpText: (failures: number, ofSubject: number, ofRuntime: number) =>
    `Not tried again, after ${failures} failures in a row, after ${ofSubject} time-outs of a workload that worked under no runtime, or after ${ofRuntime} time-outs in a row of their runtime; the time went to the others:`,
  noiseHeading: 'Noise and doubts',
  noiseNone: 'No trial was flagged, and the host gave no cause for doubt.',
  flaggedTrials: (flagged: number, total: number) =>
    `${formatCount(flagged, 'en')} of ${formatCount(total, 'en')} trials were measured while the host was disturbed; they are kept:`,
  flagCount: (n: number) => `: ${n} ${plural(n, 'trial', 'trials')}`,
  noiseFlag: {
    steal: 'CPU taken by the hypervisor (steal)',
    'other-load': 'CPU used by other work',
    'cpu-pressure': 'waiting for CPU (PSI)',
    'io-pressure': 'waiting for I/O (PSI)',
    'memory-pressure': 'waiting for memory (PSI)',
    'swap-in': 'pages read back from swap',
    'thermal-throttling': 'throttling of a hot CPU',
  },
  noiseAbove: (what: string, limit: string) => `${what} above ${limit}`,
  unsteadyIntro:
    'Series that are not steady (Holm’s correction over all of them). What hits all runtimes of a block alike, pairing takes out of ratios; absolute values keep it:',
  unsteady: {
    drift: (value: string) => `drifts over the run (rank correlation with time ${value})`,
    autocorrelation: (value: string) => `values resemble the one before (lag-1 autocorrelation ${value})`,
    'two-groups': (value: string) => `values fall into two groups, the upper ${value} times the lower`,
  } satisfies Record<Unsteady['kind'], (value: string) => string>,
  sensitivity: (changed: number, verdicts: number, tooFew: number) =>
    [
      changed === 0
        ? `Without these trials none of ${verdicts} verdicts would be another one`
        : `Without these trials ${changed} of ${verdicts} verdicts would be ${plural(changed, 'another one', 'other ones')}`,
      tooFew === 0 ? '' : ` (for ${tooFew} too few pairs would be left to say)`,
      changed === 0 ? '.' : ':',
    ].join(''),
  leakedText: (processes: number, trials: number) =>
    `Runtimes left ${processes} ${plural(processes, 'process', 'processes')} behind after ${trials} ${plural(trials, 'trial', 'trials')}; they were ended.`,
  methodHeading: 'Method',
  methodBlocks: (blocks: number, warmup: number) =>
    `${blocks} measured ${plural(blocks, 'block', 'blocks')} (and ${formatCount(warmup, 'en')} warm-up ${plural(warmup, 'trial', 'trials')} that are recorded but not analysed). A block runs every combination once, one container at a time, in an order shuffled from the seed.`,
  methodRatio: (baseline: string) =>
    `Ratios are to ${baseline} within the same block: the Hodges–Lehmann estimate of the paired log ratio with its exact signed-rank interval. Medians have order-statistic intervals.`,
  methodVerdict: (practical: string, alpha: string) =>
    `A difference is claimed only when its interval excludes 1, it exceeds ±${practical}, and its p-value after Holm’s correction is below ${alpha}. “Equivalent” needs the whole interval inside that band; everything else is inconclusive. The p-value is twice the smaller one of the exact signed-rank and rank-sum tests.`,
  methodFloor: (baseline: string) =>
    `${baseline} was also measured a second time in every block. What its two measurements differ by is the run’s own noise; a difference is claimed only beyond it.`,
  methodAccounting:
    'CPU, memory and I/O are what a parent cgroup made for each trial counted; processes outside it (shim, virtual machine …) and the engine are reported beside it. PSS is the proportional set size.',
  methodSampler: (s: {
    readonly period: string;
    readonly readings: string;
    readonly mean: string;
    readonly most: string | null;
    readonly scan: string | null;
    readonly skipped: string | null;
    readonly failed: string | null;
  }) =>
    [
      `Containers under load were sampled every ${s.period}: ${s.readings} readings, one cost ${s.mean} of the harness’s time on average`,
      s.most === null ? '' : ` and ${s.most} at most`,
      s.scan === null ? '' : `, a look at the processes ${s.scan} on average`,
      s.skipped === null ? '' : `; periods without a reading, because the harness was late: ${s.skipped}`,
      s.failed === null ? '' : `; failed readings: ${s.failed}`,
      '.',
    ].join(''),
  methodStop: (reason: string, seed: number) => `Sampling ended by: ${reason}. Seed ${seed}.`,
  stopReason: {
    precision: 'the precision that was asked for',
    'max-blocks': 'the greatest number of blocks',
    'max-time': 'the time limit',
    interrupted: 'interruption',
    'engine-lost': 'the end of the engine',
  },
  trialsText: (ok: string, failed: string) => `${ok} trials succeeded, ${failed} failed.`,
  dataHeading: 'Data',
  dataText: 'Every value and the numbers behind this report:',
  csvRow: (row: number, key: string) => `row ${row} of summary.csv: ${key}`,
  csvHint:
    'n leads to the row of summary.csv; the single values are the rows of measurements.csv with the same runtime, workload, params and metric.',
  tablesOf: (subjects: string) => `Tables: ${subjects}`,
  isolationCostHeading: 'Isolation against cost',
  isolationCostIntro: (baseline: string) =>
    `What a container is separated by, and below it what that costs: the geometric mean of the cost ratios to ${baseline} in each category (above 1 costs more; “?”: all of its subjects are inconclusive).`,
  hostKernel: 'the host’s own',
  ownKernel: 'not the host’s',
  meanCost: (category: string) => `cost: ${category}`,
  harnessText: (version: string, schema: number, config: string, seed: number) =>
    `ocibench ${version}, records of version ${schema}, configuration ${config}, seed ${seed}`,
  imagesIntro: 'Images: what the runtimes ran, by the digest of their root file system.',
  imageHead: 'image',
  sizeHead: 'size',

  // report.html: what is around the text
  page: {
    skip: 'Skip to the report',
    table: 'table',
    controls: 'What is shown, and how',
    contents: 'Contents',
    runtimes: 'Shown:',
    theme: 'Colours',
    themes: { auto: 'as the system', light: 'light', dark: 'dark' },
    logScale: 'log scale',
    log: 'log scale',
    linear: 'linear scale',
    nothingShown: 'Every runtime of this chart is hidden.',
  },
  taughtHeading: 'What is taught, put to the test',
  taughtIntro: (baseline: string, confidence: string) =>
    `What courses say of these runtimes, held against every workload of this run that it speaks of. Factors are costs relative to ${baseline} (times and amounts; rates inverted) with their ${confidence} interval. A range holds for a workload if the whole interval lies in it and fails if the whole interval lies outside, but a slowdown that this report does not claim stays undecided; a mere difference holds or fails by this report's verdict. As a whole a statement is confirmed or refuted only if it holds, or fails, wherever that could be decided, and that is more than half of the cases.`,
  taughtClaim: {
    'gvisor-slower': 'gVisor is 30–50% slower',
    'crun-faster': 'crun is faster than runc',
    'crun-lighter': 'crun is lighter than runc (memory)',
    'kata-slower-start': 'Kata starts more slowly',
    'kata-more-memory': 'Kata uses more memory',
  },
  taughtStatus: {
    confirmed: 'confirmed',
    refuted: 'refuted',
    partly: 'holds for some workloads only',
    undecided: 'not decided',
    'not-measurable': 'not measurable here',
  },
  taughtCount: (holds: string, all: string) => ` (holds in ${holds} of ${all} cases)`,
  taughtOutcome: {
    holds: 'holds',
    below: 'costs less than that',
    above: 'costs more than that',
    fails: 'does not hold',
    undecided: 'not decided',
  },
  taughtMore: (n: string) => `… ${n} more between …`,
  taughtReason: {
    'no-runtime': 'no such runtime is registered',
    unavailable: 'it cannot run here',
    baseline: 'the statement compares with another runtime than the baseline of this run',
    'nothing-measured': 'this run compared nothing that the statement speaks of',
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
    file: 'daemon.json',
    daemon: 'dockerd',
    containerd: 'containerd (CRI)',
    absent: 'is not there',
    silent: (why: string) => `does not answer: ${why}`,
    known: 'registered',
    layers:
      'Docker goes by daemon.json, which dockerd reads when it starts and on SIGHUP. Runtimes of containerd’s config.toml belong to containerd’s CRI plugin, that is, to Kubernetes: Docker never reads them, although both may call the same programs.',
    use: {
      usable: () => 'Docker can use it.',
      'built-in': () => 'dockerd brings it; nobody else can have the name.',
      'not-loaded': () =>
        'dockerd does not have it as daemon.json says: it has not read the file since (systemctl reload docker).',
      'not-in-file': () =>
        'dockerd has it, daemon.json does not: from a flag (--add-runtime), or it was removed from the file without a reload.',
      'no-program': (_name: string, about: string) =>
        `Docker cannot use it: ${about} cannot be executed here.`,
      'no-shim': (_name: string, about: string) =>
        `Docker cannot use it: its shim ${about} is not installed here.`,
      unasked: () => 'In daemon.json; whether dockerd has read it is not known.',
      'containerd-program': (name: string, about: string) =>
        `Docker cannot use it by this name: only containerd’s CRI plugin has it. It is an OCI runtime, so: ocibench runtimes add ${name} --path ${about}`,
      'containerd-shim': (_name: string, about: string) =>
        `Docker cannot use it by this name: it is a containerd shim and no OCI runtime with a path. The shim itself is installed: docker run --runtime ${about}`,
      'containerd-no-shim': (_name: string, about: string) =>
        `Docker cannot use it: it is a containerd shim and no OCI runtime with a path, and the shim ${about} is not installed here.`,
    } satisfies Record<DockerUse, (name: string, about: string) => string>,
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
