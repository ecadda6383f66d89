import {
  type Container,
  type ContainerSpec,
  type Engine,
  EngineError,
  type OutputSink,
} from '../../../../src/core/engine/engine.ts';
import { stepLimits } from '../../../../src/core/measure/execute/deadline.ts';
import type { TrialContext } from '../../../../src/core/measure/execute/lifecycle.ts';
import type { TrialObservations, TrialObserver } from '../../../../src/core/measure/execute/observer.ts';
import { runTrial, type TrialResult } from '../../../../src/core/measure/execute/trial.ts';
import { ParseError } from '../../../../src/core/model/trial/parser-output.ts';
import type { Group, ScenarioStep } from '../../../../src/core/model/workload/scenario.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';

/** What a scripted container does at each call. A step that is `'hang'` never answers. */
export interface Script {
  readonly create?: 'hang' | Error;
  readonly start?: 'hang' | Error;
  readonly remove?: 'hang' | Error;
  readonly kill?: 'hang';
  /** Waits until the observer has ended the container's processes. */
  readonly forceRemove?: 'hang-until-ended';
  readonly exit?: number | 'hang';
  readonly stdout?: string;
  readonly execExit?: number;
  readonly leaks?: boolean;
}

const never = () => new Promise<never>(() => {});

export function fakeEngine(script: Script, calls: string[]): Engine {
  return {
    facts: {
      kind: 'embedded',
      endpoint: 'unix:///fake',
      transport: 'unix',
      local: true,
      version: '26.1.5',
      apiVersion: '1.45',
      cgroupVersion: '1',
      cgroupDriver: 'cgroupfs',
      storageDriver: 'overlay2',
      defaultRuntime: 'runc',
      containerdVersion: null,
    },
    async create(spec: ContainerSpec) {
      calls.push(`create ${spec.name}`);
      if (script.create === 'hang') return never();
      if (script.create) throw script.create;
      return container(script, calls);
    },
    async forceRemove(name) {
      calls.push(`force-remove ${name}`);
      while (script.forceRemove !== undefined && !calls.includes('observer end-processes'))
        await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

function container(script: Script, calls: string[]): Container {
  const step = async (name: 'start' | 'remove') => {
    calls.push(name);
    if (script[name] === 'hang') return never();
    if (script[name]) throw script[name];
  };
  let sink: OutputSink | null = null;
  let exit: (code: number) => void = () => {};
  const exited = new Promise<number>((resolve) => {
    exit = resolve;
  });
  return {
    id: 'f'.repeat(64),
    async attach(given) {
      calls.push('attach');
      sink = given;
      return { closed: exited.then(() => undefined) };
    },
    async waitForExit() {
      calls.push('wait');
      return { exited };
    },
    async start() {
      await step('start');
      sink?.onFirstByte();
      sink?.onData('stdout', Buffer.from(script.stdout ?? 'ready\n'));
      const code = script.exit ?? 0;
      if (code !== 'hang') setTimeout(() => exit(code), 5);
    },
    async kill() {
      calls.push('kill');
      if (script.kill === 'hang') return never();
      exit(137);
    },
    async stop() {
      calls.push('stop');
      exit(143);
    },
    async pause() {
      calls.push('pause');
    },
    async unpause() {
      calls.push('unpause');
    },
    async exec(command, given) {
      calls.push(`exec ${command.join(' ')}`);
      given.onFirstByte();
      given.onData('stdout', Buffer.from('done\n'));
      return script.execExit ?? 0;
    },
    inspect: async () => ({ oomKilled: false, address: '192.0.2.1' }),
    remove: () => step('remove'),
    stats: () => never(),
  };
}

function fakeObserver(script: Script, calls: string[]): TrialObserver {
  const note = (name: string) => async () => {
    calls.push(`observer ${name}`);
  };
  return {
    cgroupParent: '/ocibench/r/t',
    prepare: note('prepare'),
    created: () => calls.push('observer created'),
    running: () => calls.push('observer running'),
    snapshot: note('snapshot'),
    cpuNow: () => ({ cgroupNs: null, engineNs: null }),
    memoryNow: async () => ({
      charged: { absent: 'fake' },
      footprint: { absent: 'fake' },
      resident: { absent: 'fake' },
      available: { absent: 'fake' },
    }),
    availableNow: () => ({ absent: 'fake' }),
    limits: () => ({}),
    stopped: note('stopped'),
    endProcesses: note('end-processes'),
    async finish(): Promise<TrialObservations> {
      calls.push('observer finish');
      return {
        cgroup: null,
        engineCpu: { absent: 'fake' },
        processes: [],
        shmemAtSnapshotBytes: null,
        mappedAtSnapshot: null,
        leaked: script.leaks ? [{ pid: 1, comm: 'runsc-sandbox', role: 'sentry' }] : [],
        noise: null,
        readings: [],
        sampling: null,
      };
    },
  };
}

export function fakeWorkload(observe: Workload['observe'] = { kind: 'nothing' }): Workload {
  return {
    id: 'startup/fake',
    category: 'startup',
    image: 'base',
    title: 'fake',
    description: '',
    presets: { quick: [{}], standard: [{}], full: [{}] },
    parameters: {},
    metrics: [{ id: 'startup.to_output', unit: 'ns', better: 'lower', description: '' }],
    precision: 0.03,
    observe,
    container: () => ({ command: ['true'], timeoutMs: 100 }),
    parse: ({ stdout }) => {
      if (stdout !== 'ready\n') throw new ParseError(`unexpected ${JSON.stringify(stdout)}`);
      return [];
    },
  };
}

/** Runs one trial of a scripted container; also returns the calls in order. */
export async function runScripted(
  script: Script,
  options: {
    observe?: Workload['observe'];
    interruptAfterMs?: number;
    observer?: TrialObserver;
    steps?: readonly ScenarioStep[];
    group?: Group;
    workload?: Partial<Workload>;
  } = {},
): Promise<TrialResult & { calls: string[] }> {
  const calls: string[] = [];
  const interrupt = new AbortController();
  if (options.interruptAfterMs !== undefined) setTimeout(() => interrupt.abort(), options.interruptAfterMs);
  const { steps, group } = options;
  const workload: Workload = {
    ...fakeWorkload(options.observe),
    ...(steps === undefined ? {} : { steps: () => steps }),
    ...(group === undefined ? {} : { group: () => group }),
    ...options.workload,
  };
  const context: TrialContext = {
    engine: fakeEngine(script, calls),
    workload,
    observer: options.observer ?? fakeObserver(script, calls),
    container: { name: 'ocibench-r-t', image: 'base', runtime: 'runc', bindSources: {}, labels: {} },
    request: workload.container({}),
    prober: { ask: async () => 0n, ready: async () => {}, close: () => {} },
    peer: null,
    params: {},
    limits: stepLimits(60),
    interrupt: interrupt.signal,
    explain: (message) => ({ code: 'explained', message, fix: 'mend it' }),
    now: process.hrtime.bigint,
  };
  const cell = {
    runtime: 'runc',
    profile: 'default',
    layer: 'docker' as const,
    workload: workload.id,
    params: '',
  };
  const result = await runTrial(
    { trialId: 'b000p000', position: 0, cell },
    { block: 0, phase: 'measure', attempt: 1, stamp: { startedAt: '2026-01-01T00:00:00.000Z' } },
    context,
  );
  return { ...result, calls };
}

export { EngineError };
