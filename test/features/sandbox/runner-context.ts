import type { Container, Engine } from '../../../src/core/engine/engine.ts';
import { stepLimits } from '../../../src/core/measure/execute/deadline.ts';
import type { GroupContext } from '../../../src/core/measure/execute/group-context.ts';
import { Marks, type TrialObserver } from '../../../src/core/measure/execute/observer.ts';
import { OutputBuffer } from '../../../src/core/measure/execute/output-matcher.ts';

/** What a scripted container does without saying anything. */
export const silently: Pick<
  Container,
  'kill' | 'stop' | 'pause' | 'unpause' | 'inspect' | 'remove' | 'stats'
> = {
  kill: async () => {},
  stop: async () => {},
  pause: async () => {},
  unpause: async () => {},
  inspect: async () => ({ oomKilled: null, address: null }),
  remove: async () => {},
  stats: () => new Promise(() => {}),
};

/** The input of a runner whose containers are named `c`; `limitMs`: of each step. */
export function runnerContext(
  engine: Engine,
  observer: Partial<TrialObserver>,
  { limitMs, timeoutMs = limitMs }: { readonly limitMs: number; readonly timeoutMs?: number },
): GroupContext {
  return {
    engine,
    observer: { created: () => {}, ...observer } as TrialObserver,
    limits: stepLimits(limitMs),
    interrupt: new AbortController().signal,
    marks: new Marks(process.hrtime.bigint),
    containers: [],
    output: new OutputBuffer(),
    spec: {
      name: 'c',
      image: 'base',
      runtime: 'runc',
      request: { command: ['sleep'], timeoutMs },
      cgroupParent: null,
      bindSources: {},
      labels: {},
    },
  };
}
