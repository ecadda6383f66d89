// Loaded into a process (NODE_OPTIONS): its calendar is OCIBENCH_DAYS_AHEAD days ahead. Durations come from other clocks.
const ahead = Number(process.env.OCIBENCH_DAYS_AHEAD ?? 0) * 86_400_000;
const Real = globalThis.Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + ahead);
    else super(...given);
  }

  static now() {
    return Real.now() + ahead;
  }
};
