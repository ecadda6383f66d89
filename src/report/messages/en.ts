import type { Unsteady, Verdict } from '../../model/analysis.ts';
import type { Category } from '../../model/metric.ts';
import type { ProcessRole, TrialStep } from '../../model/trial.ts';
import type { Standing } from '../category-summary.ts';

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

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
  metric: {
    'startup.create': 'create',
    'startup.start': 'start',
    'startup.first_output': 'start to first output',
    'startup.run': 'run',
    'startup.remove': 'remove',
    'startup.to_output': 'time to first output',
    'startup.total': 'create to removed',
    'cpu.usage': 'CPU in the container’s cgroup',
    'cpu.user': 'user CPU',
    'cpu.system': 'system CPU',
    'engine.cpu': 'CPU of the engine',
    'total.cpu': 'CPU in total',
    'memory.peak': 'peak memory of the cgroup',
    'memory.footprint': 'memory footprint',
    'pss.total': 'memory of all processes (PSS)',
    'pss.outside': 'memory outside the cgroup (PSS)',
    'syscall.throughput': 'system calls per second',
    'fio.bandwidth': 'bandwidth',
    'syscall.trivial': 'cost of trivial system calls',
    'memory.throughput': 'memory throughput',
    'op.time': 'time of one operation',
    'work.cpu': 'CPU per unit of work',
    'burst.latency': 'time to first output in a burst',
    'burst.latency_max': 'time to first output, slowest of a burst',
    'burst.rate': 'starts per second',
    'density.available': 'memory per sandbox (MemAvailable)',
    'density.charged': 'memory per sandbox (charged)',
    'density.footprint': 'memory per sandbox (footprint)',
    'density.idle_cpu': 'CPU of an idle sandbox',
  },

  // Terminal table
  tableTitle: (blocks: number) =>
    `${blocks} ${plural(blocks, 'block', 'blocks')}; every block runs each combination once, in random order`,
  takeCare: 'Take care',
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

  // Comparison of two runs
  comparedRuns: (before: string, after: string) => `${after} against ${before}`,
  comparedAlthough: (key: string, was: string, is: string) => `  although ${key} was ${was} and is ${is}`,
  comparedBefore: 'before',
  comparedAfter: 'after',
  comparedChange: 'after ÷ before',
  comparedCounts: (all: number, claimed: number, equivalent: number, inconclusive: number) =>
    `${all} ${plural(all, 'headline', 'headlines')} in both runs: ${claimed} changed, ${equivalent} equivalent, ${inconclusive} inconclusive.`,
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
  },
  missingHeading: 'What could not be measured, and why',
  missingNone: 'Everything that was planned was measured.',
  unsupportedHeading: 'Not supported',
  unavailableHeading: 'Runtimes that cannot run here',
  failuresHeading: 'Failed trials',
  failureHead: 'failure',
  countHead: 'trials',
  stepHead: 'while',
  timedOut: (seconds: string) => `timed out after ${seconds}`,
  engineSays: 'The engine says',
  noiseHeading: 'Noise and doubts',
  noiseNone: 'No trial was flagged, and the host gave no cause for doubt.',
  flaggedTrials: (flagged: number, total: number) =>
    `${flagged} of ${total} trials were measured while the host was disturbed; they are kept:`,
  flagCount: (n: number) => `: ${n} ${plural(n, 'trial', 'trials')}`,
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
    `${blocks} measured ${plural(blocks, 'block', 'blocks')} (and ${warmup} warm-up ${plural(warmup, 'trial', 'trials')} that are recorded but not analysed). A block runs every combination once, one container at a time, in an order shuffled from the seed.`,
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

  // Charts
  chartN: (low: number, high: number) => (low === high ? `n = ${low}` : `n = ${low} to ${high}`),
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
    footprint: 'Memory: footprint',
  },
  densityIdle: 'CPU of an idle one',
  densityIdleAxis: '% of one CPU',
  costTitle: 'CPU time to start and remove one container',
  costCaption:
    'Sum of medians: the trial’s own cgroup, and the engine (dockerd, containerd, shims) meanwhile',
  costAxis: (unit: string) => `CPU time in ${unit}`,
  costPart: { cgroup: 'container’s cgroup', engine: 'engine' },
  sequenceTitle: 'Time to first output in the order of measurement',
  sequenceCaption: 'A slope or step here is drift of the host; pairing within blocks takes it out of ratios',
  sequenceAxis: 'trial, in order of time',
};
