/** Points at which concurrent trials wait for each other, in order. */
export const meetings = { begin: 0, end: 1 } as const;
type MeetingPoint = (typeof meetings)[keyof typeof meetings];

/** One of several concurrent trials. */
export interface Party {
  /** Resolves once every party has reached this point or a later one, or has left. */
  meet(at: MeetingPoint): Promise<void>;
  /** The others no longer wait for this party. */
  leave(): void;
}

/** Creates this many parties, which wait for each other. */
export function rendezvous(parties: number): readonly Party[] {
  const reached: number[] = Array.from({ length: parties }, () => -1);
  let waiting: { readonly at: number; readonly go: () => void }[] = [];
  const come = (party: number, at: number) => {
    reached[party] = Math.max(reached[party] ?? -1, at);
    const slowest = Math.min(...reached);
    for (const { go } of waiting.filter((one) => one.at <= slowest)) go();
    waiting = waiting.filter((one) => one.at > slowest);
  };
  return reached.map((_, party) => ({
    meet: (at) =>
      new Promise<void>((go) => {
        waiting.push({ at, go });
        come(party, at);
      }),
    leave: () => come(party, Number.POSITIVE_INFINITY),
  }));
}
