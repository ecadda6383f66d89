/** What the marks of a trial are: a name, and its time since the first, ns. */
interface Mark {
  readonly name: string;
  readonly atNs: number;
}

/**
 * CPU time of this process by the clock that marks are set with: each time that is asked of the clock is kept with what the
 * process had used until then. The marks of a trial then lead to what it used between two of them.
 */
export class WindowCpu implements Disposable {
  readonly #clock = process.hrtime.bigint;
  #seen: { readonly atNs: bigint; readonly cpuUs: number }[] = [];

  constructor() {
    process.hrtime.bigint = () => {
      const atNs = this.#clock.call(process.hrtime);
      const { user, system } = process.cpuUsage();
      this.#seen.push({ atNs, cpuUs: user + system });
      return atNs;
    };
  }

  /** Begins a trial: forgets what was seen before. */
  begin(): void {
    this.#seen = [];
  }

  /**
   * Share of one CPU that this process took between two marks. NaN where one of them is missing. The first mark's time is found
   * by the distances of all, as marks are relative to it.
   */
  share(marks: readonly Mark[], from: string, to: string): number {
    const at = (name: string) => marks.find((mark) => mark.name === name)?.atNs ?? Number.NaN;
    const times = new Map(this.#seen.map(({ atNs, cpuUs }) => [atNs, cpuUs]));
    const first = this.#seen.find(({ atNs }) => marks.every((mark) => times.has(atNs + BigInt(mark.atNs))));
    if (first === undefined || Number.isNaN(at(from) + at(to))) return Number.NaN;
    const used = (ns: number) => times.get(first.atNs + BigInt(ns)) ?? Number.NaN;
    return ((used(at(to)) - used(at(from))) * 1000) / (at(to) - at(from));
  }

  [Symbol.dispose](): void {
    process.hrtime.bigint = this.#clock;
  }
}
