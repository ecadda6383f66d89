import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TrialCgroup } from '../../collect/cgroup/trial.ts';
import type { Container, ContainerSpec, Engine } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import { MessageError } from '../../model/failure/said.ts';
import type { ServiceProtocol } from '../../model/workload/scenario.ts';
import { spawn } from '../../programs/spawn.ts';
import { StepFailure } from './deadline.ts';

/** A container beside the measured one, and the cgroup to which its work is charged. */
export interface PeerContainer {
  readonly container: Container;
  /** CPU time that the peer has used, ns; 0 where it cannot be read. */
  cpuNs(): number;
  remove(): Promise<void>;
}

/** Input of a peer; `cgroup` is null where the engine is on another host. */
export interface PeerSetup {
  readonly spec: Omit<ContainerSpec, 'cgroupParent'>;
  readonly cgroup: TrialCgroup | null;
}

const limitMs = 30_000;

/** Starts a peer before its trial begins. Rejects with StepFailure where it cannot start, and then leaves nothing behind. */
export async function startPeer(
  engine: Engine,
  setup: PeerSetup,
  interrupt: AbortSignal,
): Promise<PeerContainer> {
  const { spec, cgroup } = setup;
  const remove = async () => {
    await engine.forceRemove(spec.name, AbortSignal.timeout(limitMs)).catch(() => undefined);
    await cgroup?.remove();
  };
  try {
    await cgroup?.prepare();
    const signal = AbortSignal.any([interrupt, AbortSignal.timeout(limitMs)]);
    const container = await engine.create({ ...spec, cgroupParent: cgroup?.parent ?? null }, signal);
    await container.start(signal);
    return { container, cpuNs: () => cgroup?.cpuNow() ?? 0, remove };
  } catch (error) {
    await remove();
    throw new StepFailure('peer', error);
  }
}

/**
 * The program of a prober. It is a separate process for two reasons: it must be in the engine's network namespace, and
 * the harness's event loop would delay its clock. It reads one request per line from standard input:
 * `{id, host, port, protocol}`, or `{id}` to cancel one. It prints `{id, atNs}` when the server has answered, in
 * CLOCK_MONOTONIC, which all processes of a host share. It runs under `node -e`, so it is CommonJS and imports nothing
 * of ocibench.
 */
const proberScript = `
const net = require('node:net');
const questions = { http: 'GET / HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n', redis: 'PING\\r\\n', tcp: null };
const answers = { http: /^HTTP\\/1\\.[01] [23]\\d\\d /, redis: /^\\+PONG/, tcp: /^/ };
const open = new Map();
const attempt = (q) => {
  if (!open.has(q.id)) return;
  let said = '';
  let over = false;
  const socket = net.connect({ host: q.host, port: q.port });
  const again = () => {
    if (over) return;
    over = true;
    socket.destroy();
    setTimeout(attempt, 1, q);
  };
  const done = () => {
    if (over || !open.delete(q.id)) return;
    over = true;
    process.stdout.write(JSON.stringify({ id: q.id, atNs: process.hrtime.bigint().toString() }) + '\\n');
    socket.destroy();
  };
  // On a bridge a connection succeeds at once or not at all; a cold server may take a while to answer.
  socket.setTimeout(50, again);
  socket.on('connect', () => {
    if (questions[q.protocol] === null) return done();
    socket.setTimeout(1000);
    socket.write(questions[q.protocol]);
  });
  socket.on('data', (chunk) => {
    said = (said + chunk.toString('latin1')).slice(0, 64);
    if (answers[q.protocol].test(said)) done();
    else if (said.includes('\\n') || said.length === 64) again();
  });
  for (const event of ['error', 'close']) socket.on(event, again);
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const q = JSON.parse(line);
  if (q.host === undefined) return open.delete(q.id);
  open.set(q.id, q);
  attempt(q);
}).on('close', () => process.exit(0));
process.stdout.write('{"ready":true}\\n');
`;

const text = notices('prober', {
  ended: 'the prober ended with {code}',
  noOutput: 'the prober has no output',
  tooLate: 'the server did not answer in time',
});

/** Sends requests to servers in containers until they answer; see {@link proberScript}. */
export interface Prober {
  /**
   * Resolves with the host's CLOCK_MONOTONIC at the answer, ns. Rejects when the signal is aborted or the prober has
   * ended.
   */
  ask(
    service: { readonly host: string; readonly port: number; readonly protocol: ServiceProtocol },
    signal: AbortSignal,
  ): Promise<bigint>;
  /** Starts the process if it is not running, so that no trial waits for it. */
  ready(): Promise<void>;
  close(): void;
}

interface PendingRequest {
  resolve(atNs: bigint): void;
  reject(error: Error): void;
}

/**
 * Creates a prober that starts its process on first use. `namespace`: file of the network namespace to send requests
 * from; null: this process's.
 */
export function openProber(namespace: string | null): Prober {
  const pending = new Map<number, PendingRequest>();
  let next = 0;
  let started: Promise<ChildProcess> | null = null;
  let running: ChildProcess | null = null;

  const start = () =>
    new Promise<ChildProcess>((resolve, reject) => {
      const node = [process.execPath, '-e', proberScript];
      const [program = '', ...args] = namespace === null ? node : ['nsenter', `--net=${namespace}`, ...node];
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
      running = child;
      const fail = (error: Error) => {
        if (running === child) started = null;
        reject(error);
        for (const { reject: giveUp } of pending.values()) giveUp(error);
        pending.clear();
      };
      child.once('error', fail);
      child.once('exit', (code) => fail(new MessageError(text.ended({ code: String(code) }))));
      child.stdin?.on('error', fail);
      if (child.stdout === null) return fail(new MessageError(text.noOutput));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as { ready?: true; id: number; atNs: string };
        if (said.ready) return resolve(child);
        pending.get(said.id)?.resolve(BigInt(said.atNs));
        pending.delete(said.id);
      });
    });
  const child = () => {
    started ??= start();
    return started;
  };

  return {
    async ready() {
      await child();
    },
    async ask(service, signal) {
      const { stdin } = await child();
      const tooLate = () => new MessageError(text.tooLate);
      // A signal that was aborted while the process started fires no further event.
      if (signal.aborted) throw tooLate();
      const id = next++;
      const say = (message: object) => stdin?.write(`${JSON.stringify(message)}\n`);
      signal.throwIfAborted();
      return new Promise<bigint>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        signal.addEventListener(
          'abort',
          () => {
            if (!pending.delete(id)) return;
            say({ id });
            reject(tooLate());
          },
          { once: true },
        );
        say({ id, ...service });
      });
    },
    close() {
      running?.removeAllListeners('exit');
      running?.stdin?.end();
      running?.kill();
    },
  };
}
