import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { readCpu } from '../../src/core/collect/engine-cgroup.ts';
import { takeHostSnapshot } from '../../src/core/collect/host-snapshot.ts';
import { type HostSnapshot, noiseBetween } from '../../src/core/collect/noise.ts';
import { steadyAvailable, unreclaimable } from '../../src/core/collect/process/host-memory.ts';
import { runLabels } from '../../src/core/engine/labels.ts';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';
import { heldScript, python } from '../../workloads/lib/memory-scripts.ts';
import { busyCommand, busyWork, periodMs } from '../e2e/busy-service.ts';
import { openRealSession } from '../support/app-context.ts';

const stepLimitMs = 120_000;

/** Limit of a busy service. */
const busyBytes = 128 * 2 ** 20;

/** How long services are looked at, ms: some 3,000 answers of ten services, so that 5 % late are known within 1 %. */
const lookMs = 15_000;

/** How often a look is taken that other guests disturb. */
const mostLooks = 4;

/** Never so many, whatever a plan says. */
const mostContainers = 120;

/** The host keeps so much memory, whatever is packed, bytes. */
const reserveBytes = 4 * 2 ** 30;

interface Packed {
  readonly id: string;
  /** What it has printed, and not yet been asked for. */
  output(): string;
}

/** How many containers fit into a budget of memory, counted twice. */
interface MemoryKnee {
  readonly byCharge: number;
  /** The same where others took nothing meanwhile. */
  readonly byAvailable: number;
  /** What MemAvailable fell by beyond what was charged: what others took, and what is charged to nobody. */
  readonly othersBytes: number;
}

/** What busy services side by side did and used. */
interface PackedCpus {
  readonly count: number;
  /** Share of the answers that were late. */
  readonly late: number;
  /** CPUs of the containers and the engine. */
  readonly ownCpus: number;
  readonly othersCpus: number;
  /** CPUs that other guests took. */
  readonly stolenCpus: number;
  /** Did they take more than a trial may lose? Then a look says nothing of the services. */
  readonly isStolen: boolean;
}

/** Of what the containers did themselves only their CPU time is asked. */
const ownLoad = (cpuNs: number) => ({
  cpuNs,
  otherCpuNs: null,
  cpuPressureNs: null,
  ioPressureNs: null,
  memoryPressureNs: null,
});

/** This host, on which containers are started one after the other until it is full. */
export class PackedHost implements AsyncDisposable {
  readonly #session: Session;
  readonly #image: string;
  readonly #running: Packed[] = [];

  private constructor(session: Session, image: string) {
    this.#session = session;
    this.#image = image;
  }

  static async open(runtimes: readonly RuntimeEntry[]): Promise<PackedHost> {
    const session = await openRealSession(newRunId(new Date()), 'embedded', runtimes);
    const [image] = await session.provideImages(['python']);
    return new PackedHost(session, image?.reference ?? '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { id } of this.#running)
      await this.#session.engine.forceRemove(id, AbortSignal.timeout(stepLimitMs)).catch(() => undefined);
    await this.#session[Symbol.asyncDispose]();
  }

  /** One container more, up to its first output. */
  async #start(runtime: string, command: readonly string[], memoryBytes: number): Promise<Packed> {
    const { engine, runId } = this.#session;
    const signal = AbortSignal.timeout(stepLimitMs);
    const container = await engine.create(
      {
        name: `ocibench-${runId}-packed-${this.#running.length}`,
        image: this.#image,
        runtime,
        bindSources: {},
        labels: runLabels(runId),
        request: { command, memoryBytes, timeoutMs: stepLimitMs },
        cgroupParent: null,
      },
      signal,
    );
    let printed = '';
    const packed = {
      id: container.id,
      output() {
        const said = printed;
        printed = '';
        return said;
      },
    };
    this.#running.push(packed);
    const first = Promise.withResolvers<void>();
    const { closed } = await container.attach(
      {
        onFirstByte: () => first.resolve(),
        onData: (_, chunk) => {
          printed += chunk.toString('utf8');
        },
      },
      new AbortController().signal,
    );
    // It ends when the container is removed.
    const ended = closed.then(() => Promise.reject(new Error(`a container ended: ${printed}`)));
    ended.catch(() => undefined);
    await container.start(signal);
    await Promise.race([first.promise, ended]);
    return packed;
  }

  /**
   * How many containers that hold `heldBytes` fit into a budget of memory, by the fall of this host's MemAvailable, and by what
   * the kernel charges to containers and engine and could not reclaim. Refuses a budget that would leave the host less than it
   * keeps, and ends where others come near that.
   */
  async memoryKnee(runtime: string, heldBytes: number, budgetBytes: number): Promise<MemoryKnee> {
    const before = (await steadyAvailable()) ?? Number.NaN;
    if (!(before - budgetBytes > reserveBytes)) throw new Error(`only ${before} bytes are available`);
    const charged = this.#charged();
    let byCharge: number | null = null;
    let byAvailable: number | null = null;
    let count = 0;
    while (byCharge === null && count < mostContainers) {
      await this.#start(runtime, python(heldScript, heldBytes), heldBytes + 256 * 2 ** 20);
      const available = (await steadyAvailable()) ?? Number.NaN;
      if (!(available > reserveBytes)) throw new Error(`only ${available} bytes are left`);
      if (this.#charged() - charged > budgetBytes) byCharge = count;
      if (before - available > budgetBytes) byAvailable ??= count;
      count++;
    }
    if (byCharge === null) throw new Error(`${mostContainers} containers fit`);
    const available = (await steadyAvailable()) ?? Number.NaN;
    return {
      byCharge,
      byAvailable: byAvailable ?? byCharge,
      othersBytes: before - available - (this.#charged() - charged),
    };
  }

  #charged(): number {
    const { hostPlace, runId } = this.#session;
    return hostPlace === null
      ? Number.NaN
      : (unreclaimable(hostPlace.layout, `ocibench/${runId}`) ?? Number.NaN);
  }

  /**
   * Adds busy services until more than `lateShare` of the answers are late with two numbers of them in a row: what others do lasts
   * longer than a look. What each number of them did.
   */
  async fillCpus(runtime: string, lateShare: number): Promise<readonly PackedCpus[]> {
    const found: PackedCpus[] = [];
    const isLate = (seen: PackedCpus | undefined) => seen !== undefined && seen.late > lateShare;
    while (this.#running.length < mostContainers) {
      await this.#start(runtime, busyCommand, busyBytes);
      const first = await this.#watchUndisturbed();
      const seen = isLate(first) ? await this.#watchUndisturbed() : first;
      const isKnee = isLate(seen) && isLate(found.at(-1));
      found.push(seen);
      if (isKnee) return found;
    }
    throw new Error(`${mostContainers} containers fit`);
  }

  /** A look in which no other guest took CPU time, or else the one in which they took least. */
  async #watchUndisturbed(): Promise<PackedCpus> {
    let least = await this.#watch(lookMs);
    for (let look = 1; look < mostLooks && least.isStolen; look++) {
      const again = await this.#watch(lookMs);
      if (again.stolenCpus < least.stolenCpus) least = again;
    }
    return least;
  }

  /** What is done in a time, after the start of the newest was over. */
  async #watch(ms: number): Promise<PackedCpus> {
    await sleep(2000);
    const first = this.#running.map((each) => busyWork(each.output()));
    const before = this.#cpu();
    await sleep(ms);
    const after = this.#cpu();
    const work = this.#running.map((each, at) => {
      const [then, now] = [first[at], busyWork(each.output())];
      // One that says nothing for so long answers nothing in time.
      if (then == null || now === null) return { done: ms / periodMs, late: ms / periodMs };
      return { done: now.done - then.done, late: now.late - then.late };
    });
    const sum = (of: (each: (typeof work)[number]) => number) =>
      work.reduce((total, each) => total + of(each), 0);
    const ownNs = after.ownNs - before.ownNs;
    const { wallNs, busyNs, stealNs, flags } = noiseBetween(before.host, after.host, ownLoad(ownNs));
    const ownCpus = ownNs / wallNs;
    return {
      count: this.#running.length,
      late: sum(({ late }) => late) / sum(({ done }) => done),
      ownCpus,
      othersCpus: (busyNs ?? Number.NaN) / wallNs - ownCpus,
      stolenCpus: (stealNs ?? 0) / wallNs,
      isStolen: flags.some((flag) => flag.startsWith('steal>')),
    };
  }

  #cpu(): { readonly host: HostSnapshot; readonly ownNs: number } {
    const { hostPlace, runId } = this.#session;
    const own = hostPlace === null ? null : readCpu(hostPlace.layout, `ocibench/${runId}`);
    return { host: takeHostSnapshot(), ownNs: own !== null && 'value' in own ? own.value : Number.NaN };
  }
}
