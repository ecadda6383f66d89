import { rules } from '../../src/features/nightly/history/alarm-thresholds.ts';
import { unwatched, watch } from '../../src/features/nightly/history/detector.ts';
import { typicalDeviation } from '../../src/features/nightly/history/level.ts';
import type { Night } from '../../src/features/nightly/history/series.ts';
import { newestPoints } from './nightly-e-divisive.ts';
import { type LifeNight, life, patience } from './nightly-lives.ts';
import type { Rival } from './nightly-rivals.ts';

/** A detector of one series: does its next night alarm? */
export type Guard = (night: Night) => boolean;

/** A rival of scores: what crosses its threshold alarms, and then it learns the level anew. */
export function scoreGuard(rival: Rival, threshold: number): Guard {
  let [detector, state] = [unwatched, rival.start];
  return (night) => {
    const typical = typicalDeviation(detector.level);
    detector = watch(detector, night, rules.pin);
    if (detector.first === null) return false;
    const { up, down, se } = detector.first;
    state = rival.next(state, { up, down, precision: typical / se });
    if (rival.statistic(state) < threshold) return false;
    [detector, state] = [unwatched, rival.start];
    return true;
  };
}

/** E-divisive over the last 100 nights, every night: a change point that no night before had alarms. */
export function eDivisiveGuard(): Guard {
  const logs: number[] = [];
  const known: number[] = [];
  return ({ log }) => {
    logs.push(log);
    return newestPoints(logs, known).length > 0;
  };
}

/** What a rival made of the lives of maintained hosts, by the series of runtimes to their copies. */
export class RivalLives {
  readonly name: string;
  readonly #most: number;
  readonly #guardOf: () => Guard;
  #guards = new Map<string, Guard>();
  #alarmed = new Map<string, number>();
  #open = new Set<number>();
  #life = -1;
  #found = [0, 0];
  #false = 0;

  /** `most`: number of lives it is tried on. */
  constructor(name: string, most: number, guardOf: () => Guard) {
    this.name = name;
    this.#most = most;
    this.#guardOf = guardOf;
  }

  observe({ life: own, night, firsts, steps }: LifeNight): void {
    if (own >= this.#most) return;
    if (own !== this.#life) {
      [this.#guards, this.#alarmed] = [new Map(), new Map()];
      this.#open = new Set(steps.keys());
      this.#life = own;
    }
    for (const { cell, first } of firsts) {
      if (cell.against !== 'pin') continue;
      const guard = this.#guards.get(cell.id) ?? this.#guardOf();
      this.#guards.set(cell.id, guard);
      if (!guard(first)) continue;
      const at = steps.findLastIndex(
        (step) => step.night <= night && step.runtime === cell.runtime && step.category === cell.category,
      );
      const began = steps[at]?.night ?? Number.POSITIVE_INFINITY;
      if (at < 0 || (this.#alarmed.get(cell.id) ?? -1) >= began) this.#false++;
      else if (night < began + patience && this.#open.delete(at))
        this.#found[at] = (this.#found[at] ?? 0) + 1;
      this.#alarmed.set(cell.id, night);
    }
  }

  result(): { readonly lives: number; readonly found: readonly number[]; readonly falseAlarms: number } {
    const lives = this.#life < 0 ? 0 : Math.min(this.#most, this.#life + 1);
    return {
      lives,
      found: this.#found.map((n) => n / lives),
      falseAlarms: this.#false / ((lives * life.nights) / 365),
    };
  }
}
