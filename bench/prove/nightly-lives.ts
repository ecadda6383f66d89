import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { classify, type ProvenanceChange } from '../../src/features/nightly/history/changes.ts';
import type { Night } from '../../src/features/nightly/history/series.ts';
import { guardedNights } from './nightly-guard.ts';
import { allSeries, type Cell, runtimes } from './nightly-series.ts';

/** Nights of a life; its first step is in the night `step`. */
export const life = { nights: 130, step: 60 };
/** Nights after an event in which an alarm counts as its own. */
export const patience = 15;

/** What happens to the ground of a host in one night: its kernel is updated, or somebody edits daemon.json. */
interface GroundEvent {
  readonly night: number;
  readonly part: 'kernel' | 'engine';
  /** Logarithm by which it slows down the copies; 0: it changes nothing. */
  readonly size: number;
}

/** A new program of a runtime that is slower or faster in one category from this night on. */
interface RuntimeStep {
  readonly night: number;
  readonly runtime: string;
  readonly category: string;
  readonly size: number;
}

/** A maintained host: its kernel is updated every three weeks, daemon.json edited twice a year, each program updated monthly. */
interface Life {
  readonly ground: readonly GroundEvent[];
  /** Updates of programs that change nothing. */
  readonly updates: readonly { readonly night: number; readonly runtime: string }[];
  /** The second one begins while the alarm of the first is open. */
  readonly steps: readonly RuntimeStep[];
}

const sizeIn = (random: Random, from: number, to: number) =>
  Math.log(from + (to - from) * random()) * (random() < 0.3 ? -1 : 1);

function lifeOf(random: Random): Life {
  const ground: GroundEvent[] = [];
  const updates: { night: number; runtime: string }[] = [];
  for (let night = 1; night < life.nights; night++) {
    const isStep = night === life.step;
    // In half of the lives the slower program comes with a kernel, as from an ordinary upgrade.
    if (random() < (isStep ? 0.5 : 1 / 21))
      ground.push({ night, part: 'kernel', size: random() < 0.5 ? 0 : sizeIn(random, 1.01, 1.12) });
    if (random() < 2 / 365)
      ground.push({ night, part: 'engine', size: random() < 0.5 ? 0 : sizeIn(random, 1.01, 1.2) });
    for (const runtime of runtimes) if (!isStep && random() < 1 / 30) updates.push({ night, runtime });
  }
  const runtime = runtimes[Math.floor(random() * runtimes.length)] ?? 'runc';
  const category = ['startup', 'app', 'io', 'syscall'][Math.floor(random() * 4)] ?? 'startup';
  const second = life.step + 10 + Math.floor(20 * random());
  const steps = [
    { night: life.step, runtime, category, size: sizeIn(random, 1.08, 1.38) },
    { night: second, runtime, category, size: sizeIn(random, 1.15, 1.5) },
  ];
  return { ground, updates, steps };
}

/** Logarithm by which a life has moved a series in a night. */
function shiftIn(
  { ground, steps }: Life,
  { against, runtime, category, sensitivity }: Cell,
  night: number,
): number {
  if (against === 'pin')
    return steps
      .filter((step) => step.night <= night && step.runtime === runtime && step.category === category)
      .reduce((sum, { size }) => sum + size, 0);
  return ground
    .filter((event) => event.night <= night && (event.part === 'kernel' || category === 'startup'))
    .reduce(
      (sum, { size }) => sum + sensitivity * (against === 'null' ? size : runtime === 'runsc' ? size / 3 : 0),
      0,
    );
}

/** The changes on record in these nights. */
function changesIn({ ground, updates, steps }: Life, from: number, to: number): readonly ProvenanceChange[] {
  const within = ({ night }: { readonly night: number }) => night >= from && night <= to;
  const change = (part: ProvenanceChange['part'], name: string, night: number): ProvenanceChange => ({
    part,
    name,
    before: `before ${night}`,
    after: `${night}`,
    ...(part === 'runtime' ? { runtime: name } : {}),
  });
  return [
    ...ground.filter(within).map(({ part, night }) => change(part, part, night)),
    ...[...updates, ...steps].filter(within).map(({ runtime, night }) => change('runtime', runtime, night)),
  ];
}

/** What the guard made of many lives. */
export interface LivesResult {
  readonly lives: number;
  readonly years: number;
  /** Of the first and of the second step: found in time, and of these, with no culprit but the right runtime. */
  readonly steps: readonly { readonly found: number; readonly right: number }[];
  /**
   * Alarms a year: of programs that had not changed; of series that had alarmed since their last step; and of the ground where
   * nothing had changed it within a month, a year of such nights.
   */
  readonly falseOfPrograms: number;
  readonly repeated: number;
  readonly falseOfGround: number;
  /** Kernels and edits that slow down or speed up by 5 % or more: found in time, and of these, the share that names them. */
  readonly ground: { readonly events: number; readonly found: number; readonly right: number };
}

/** Of one life: the series that a rival sees, and the steps of their runtimes. */
export interface LifeNight {
  readonly life: number;
  readonly night: number;
  readonly firsts: readonly { readonly cell: Cell; readonly first: Night }[];
  readonly steps: readonly RuntimeStep[];
}

/** `observe`: called after every night. */
export function lives(count: number, observe: (night: LifeNight) => void = () => undefined): LivesResult {
  const random = seededRandom('nightly lives');
  const found = [0, 0];
  const right = [0, 0];
  const ground = { events: 0, found: 0, right: 0 };
  let [falseOfPrograms, repeated, falseOfGround, groundNights] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const own = lifeOf(random);
    const open = new Set<RuntimeStep | GroundEvent>([
      ...own.steps,
      ...own.ground.filter(({ size, night }) => Math.abs(size) >= Math.log(1.05) && night > 20),
    ]);
    ground.events += [...open].filter((event) => 'part' in event).length;
    let night = -1;
    /** Series → the night of its last alarm. */
    const alarmed = new Map<string, number>();
    for (const { alarms, firsts } of guardedNights(random, life.nights, (cell, at) =>
      shiftIn(own, cell, at),
    )) {
      night++;
      observe({ life: i, night, firsts, steps: own.steps });
      const inTime = ({ night: began }: { readonly night: number }) =>
        began <= night && night < began + patience;
      const pins = alarms.filter(({ cell }) => cell.against === 'pin');
      const isOf = (cell: Cell) => (step: RuntimeStep) =>
        step.night <= night && step.runtime === cell.runtime && step.category === cell.category;
      const wrong = pins.filter(({ cell }) => !own.steps.some(isOf(cell)));
      falseOfPrograms += wrong.length;
      for (const { cell } of pins) {
        const lastStep = own.steps.findLast(isOf(cell))?.night ?? 0;
        if (!wrong.some((alarm) => alarm.cell === cell) && (alarmed.get(cell.id) ?? -1) >= lastStep)
          repeated++;
        alarmed.set(cell.id, night);
      }
      // Slow drift of the ground is no event: what moved it within a month is one.
      const others = alarms.filter(({ cell }) => cell.against !== 'pin');
      const moving = own.ground.filter(
        ({ night: began, size }) => size !== 0 && began <= night && night < began + 30,
      );
      if (moving.length === 0) {
        falseOfGround += others.length;
        groundNights++;
      }
      const began = [...open].filter(inTime).map((event) => event.night);
      const changes = changesIn(own, Math.min(night, ...began) - 1, night);
      const told = classify(
        alarms.map(({ cell, side }) => ({ ...cell, side })),
        allSeries,
        changes,
      );
      own.steps.forEach((step, at) => {
        if (!open.has(step) || !inTime(step) || !pins.some(({ cell }) => isOf(cell)(step))) return;
        open.delete(step);
        found[at] = (found[at] ?? 0) + 1;
        const ofRuntime = told.filter(({ kind }) => kind === 'runtime');
        if (ofRuntime.every((one) => one.runtime === step.runtime)) right[at] = (right[at] ?? 0) + 1;
      });
      const event = [...open].find((each): each is GroundEvent => 'part' in each && inTime(each));
      if (event !== undefined && others.length > 0) {
        open.delete(event);
        ground.found++;
        const culprit = told.find(({ kind }) => kind !== 'runtime');
        if (culprit?.changes.some(({ part }) => part === event.part)) ground.right++;
      }
    }
  }
  const years = (count * life.nights) / 365;
  return {
    lives: count,
    years,
    steps: found.map((n, at) => ({ found: n / count, right: (right[at] ?? 0) / n })),
    falseOfPrograms: falseOfPrograms / years,
    repeated: repeated / years,
    falseOfGround: (falseOfGround / groundNights) * 365,
    ground: {
      events: ground.events,
      found: ground.found / ground.events,
      right: ground.right / ground.found,
    },
  };
}
