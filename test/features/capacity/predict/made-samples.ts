import { type Random, seededRandom } from '../../../../src/core/model/prng.ts';
import type { ApplicationSample } from '../../../../src/features/capacity/predict/learn.ts';
import type { FeatureId } from '../../../../src/features/capacity/predict/prediction.ts';

/** Costs by the cells, ns; what they really are is a family's factor times that. */
export const priors = {
  'call.trap': 900,
  'call.read': 1500,
  'call.write': 1700,
  'call.open': 9000,
  'call.socket': 1700,
  'call.wait': 900,
  'call.futex': 2000,
  'call.memory': 2500,
  'call.process': 3000,
  'call.other': 900,
  faults: 1800,
  switches: 9000,
  processes: 900_000,
  threads: 90_000,
  execs: 4_000_000,
  user: 0.02,
} as const satisfies Partial<Record<FeatureId, number>>;
export const truth = { light: 2, files: 1.4, waits: 3, pages: 0.6 } as const;

const trueFactor: Readonly<Partial<Record<FeatureId, number>>> = {
  'call.trap': truth.light,
  'call.other': truth.light,
  'call.process': truth.light,
  'call.memory': truth.light,
  'call.read': truth.light,
  'call.write': truth.light,
  'call.open': truth.files,
  'call.wait': truth.waits,
  'call.futex': truth.waits,
  switches: truth.waits,
  'call.socket': truth.light,
  faults: truth.pages,
  processes: truth.pages,
  threads: truth.pages,
  execs: truth.pages,
};

/** An application that is heavy in some features; `noise`: standard deviation of ln(measured). */
function madeSample(application: string, random: Random, noise: number): ApplicationSample {
  const nativeNs = 10 ** (4 + 3 * random());
  const features = Object.fromEntries(
    Object.entries(priors).map(([id, cost]) => {
      const share = random() < 0.4 ? 0.8 * random() : 0.05 * random();
      return [id, id === 'user' ? nativeNs : (share * nativeNs) / cost];
    }),
  );
  const added = Object.entries(priors).reduce((sum, [id, cost]) => {
    return sum + cost * (trueFactor[id as FeatureId] ?? 1) * (features[id] ?? 0);
  }, 0);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    application,
    params: '',
    features,
    nativeNs,
    subjectNs: (nativeNs + added) * Math.exp(noise * normal),
  };
}

/** Made-up applications whose costs are {@link truth}. */
export function made(count: number, noise: number, name = 'learn'): readonly ApplicationSample[] {
  const random = seededRandom(`${name} ${count} ${noise}`);
  return Array.from({ length: count }, (_, i) => madeSample(`app/${i}`, random, noise));
}
