import type { FeatureId } from '../model/prediction.ts';

/** Features whose costs have one factor. */
export interface Column {
  readonly features: readonly FeatureId[];
  /** What one of them costs before the factor: its own cost, or that of a call which does nothing. */
  readonly price: 'own' | 'call';
  /** The factor without any data. */
  readonly prior: number;
}

/** A form of the model: which costs are corrected together, and how strongly factors are held at their priors. */
export interface Candidate {
  readonly name: string;
  /** A feature can be in several: its cost is the sum. */
  readonly columns: readonly Column[];
  /** Weight of (β − prior)² beside the squared relative errors of the applications, one each. */
  readonly ridge: number;
}

const light: readonly FeatureId[] = ['call.trap', 'call.other', 'call.process', 'call.memory'];
const data: readonly FeatureId[] = ['call.read', 'call.write'];
const files: readonly FeatureId[] = ['call.open'];
const waits: readonly FeatureId[] = ['call.wait', 'call.futex', 'switches'];
const sockets: readonly FeatureId[] = ['call.socket'];
const tasks: readonly FeatureId[] = ['processes', 'threads', 'execs'];
const calls = [...light, ...data, ...files, ...sockets, 'call.wait', 'call.futex'] as const;

const own = (...features: readonly FeatureId[]): Column => ({ features, price: 'own', prior: 1 });
const extra = (...features: readonly FeatureId[]): Column => ({ features, price: 'own', prior: 0 });
/** Every call costs the same, whatever it does: the way into another kernel and back. */
const flat: Column = { features: calls, price: 'call', prior: 1 };
const computing = own('cpu');

/** From coarse to fine. Fifteen applications cannot teach more factors. */
const forms: Readonly<Record<string, readonly Column[]>> = {
  one: [own(...calls, 'switches', 'faults', ...tasks), computing],
  three: [own(...calls, 'switches'), own('faults', ...tasks), computing],
  five: [own(...light, ...data), own(...files), own(...waits, ...sockets), own('faults', ...tasks), computing],
  seven: [
    own(...light),
    own(...data, ...sockets),
    own(...files),
    own(...waits),
    own('faults'),
    own(...tasks),
    computing,
  ],
  flat: [flat, extra(...files), own('switches'), own('faults'), own(...tasks), computing],
  flatter: [flat, own('switches'), own('faults', ...tasks), computing],
};

const ridges = [1, 0.1, 0.01, 0.001] as const;

/** Every form at every strength; which one is used is decided by applications that it has not seen. */
export const candidates: readonly Candidate[] = Object.entries(forms).flatMap(([name, columns]) =>
  ridges.map((ridge) => ({ name, columns, ridge })),
);
