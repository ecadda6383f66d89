import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppContext } from '../../src/app/context.ts';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { connections } from '../../src/app/measure/engines.ts';
import { openSession } from '../../src/app/measure/session.ts';
import type { Environment, Reporter } from '../../src/app/reporter.ts';
import { diskStore, vegaPictures } from '../../src/app/store.ts';
import { wallClock } from '../../src/cli/context.ts';
import { environmentOf } from '../../src/cli/environment.ts';
import { takeHostSnapshot } from '../../src/core/collect/host-snapshot.ts';
import type { Lang, Message } from '../../src/core/messages/message.ts';
import { translate } from '../../src/core/messages/translate.ts';
import type { ResolvedConfig } from '../../src/core/model/run/run.ts';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';
import { defaultLayer, type Layer } from '../../src/core/model/trial/cell.ts';
import { guestInput } from '../../src/features/lab/input.ts';
import { keepOwnState } from './own-state.ts';

/** A reporter whose words are kept: `log: …` and `warn: …`. */
export interface Recorder extends Reporter {
  readonly said: readonly string[];
}

export function recorder(lang: Lang = 'en'): Recorder {
  const said: string[] = [];
  let current = lang;
  const note = (kind: string) => (message: Message) => {
    said.push(`${kind}: ${translate(message, current)}`);
  };
  return {
    said,
    get lang() {
      return current;
    },
    setLang(asked) {
      current = asked;
    },
    log: note('log'),
    warn: note('warn'),
  };
}

/** Pictures that are drawn at once: what is written counts here, not what it shows. */
export const blankPictures: AppContext['pictures'] = {
  chart: async () => ({ svg: '<svg/>', png: new Uint8Array([0]) }),
  svg: async () => '<svg/>',
  pageScript: async () => ({ code: '', sha256: '' }),
};

const testEnvironment: Environment = {
  version: '0.0.0',
  program: 'ocibench',
  // Not in /tmp itself, where anybody can leave a bench.config.ts.
  workingDirectory: join(tmpdir(), 'not-there'),
  cacheDirectory: join(tmpdir(), 'ocibench-test-cache'),
  isRoot: false,
  userNames: [],
  lang: 'en',
};

const outOfReach = (): never => {
  throw new Error('no engine is expected here');
};

/** A world without engines, in which nobody else measures; the parts that a test is about are replaced. */
export function testContext(parts: Partial<AppContext> = {}): AppContext & { readonly reporter: Reporter } {
  return {
    reporter: recorder(),
    progress: () => ({ onEvent: () => undefined, onEstimates: () => undefined, done: () => undefined }),
    interrupts: () => ({ signal: new AbortController().signal, [Symbol.dispose]: () => undefined }),
    clock: wallClock,
    environment: testEnvironment,
    engines: { openSession: outOfReach, connectIfThere: async () => null, reachDocker: outOfReach },
    host: {
      lock: async ({ command, runId }) => ({
        kind: 'held',
        owner: {
          command,
          runId,
          since: '2026-01-01T00:00:00.000Z',
          pid: 1,
          startTime: '1',
          bootId: 'boot',
          host: 'host',
        },
        tookOver: null,
        [Symbol.asyncDispose]: async () => undefined,
      }),
      removeLeftovers: async () => ({ removed: [], leftAlone: [] }),
      counters: async () => takeHostSnapshot(),
      processTimes: async () => new Map(),
      cpus: async () => ({ cpus: [0, 1], siblings: new Map(), canPin: true }),
    },
    store: diskStore,
    pictures: vegaPictures,
    ...parts,
  };
}

/** A session of a real engine, as the commands open it. */
export function openRealSession(
  runId: string,
  choice: ResolvedConfig['engine'],
  entries: readonly RuntimeEntry[],
  layers: readonly Layer[] = [defaultLayer],
): Promise<Session> {
  keepOwnState();
  const environment = environmentOf(process.env, '0.0.0');
  return openSession(runId, choice, entries, { daemon: {}, reporter: recorder(), environment, layers });
}

/** What a guest without a terminal is given. */
export function realGuestInput(
  lab: Parameters<typeof guestInput>[1],
  run: Parameters<typeof guestInput>[2],
  out: string,
) {
  const app = testContext({
    engines: { ...connections, openSession },
    environment: environmentOf(process.env, '0'),
  });
  return guestInput(app, lab, run, out, { locale: '', terminal: null, isInteractive: false });
}
