import * as z from 'zod';
import { bounds } from './bounds.ts';

/** Error text for a list with too many entries. */
export function more(most: number): string {
  return `holds more than ${most}`;
}

/** A name that tables and charts show. */
export function name() {
  return z.string().min(1).max(bounds.name, `is longer than ${bounds.name} characters`);
}

/** A text that tables and charts show. */
export function shown() {
  return z.string().max(bounds.text, `is longer than ${bounds.text} characters`);
}

/** For `superRefine`: accepts a map with at most `most` keys. */
export function keysWithin(most: number): (value: object, context: z.RefinementCtx) => void {
  return (value, { addIssue }) => {
    if (Object.keys(value).length > most)
      addIssue({ code: 'too_big', origin: 'object', maximum: most, input: value, message: more(most) });
  };
}

type List = readonly unknown[];

/** Lists of a run's record whose lengths multiply: every entry of one applies to every entry of the others. */
interface RunLists {
  readonly config: {
    readonly layers?: List | undefined;
    readonly engines?: List | undefined;
    readonly profiles?: List | undefined;
  };
  readonly runtimes: List;
  readonly subjects: List;
}

/** Reports products of the lists' lengths beyond the limits, although each list by itself is short enough. */
export function refuseProducts(
  { config, runtimes, subjects }: RunLists,
  { addIssue }: z.RefinementCtx,
): void {
  const places = [config.layers, config.engines, config.profiles].map((each) => each?.length ?? 1);
  const refuse = (path: string[], counts: readonly number[], most: number) => {
    if (counts.reduce((product, each) => product * each, 1) > most)
      addIssue({ code: 'custom', path, message: `${counts.join(' × ')} are more than ${most}` });
  };
  refuse(['config', 'profiles'], places, bounds.places);
  refuse(['subjects'], [runtimes.length, subjects.length], bounds.cells);
}
