import type { FeatureId } from './prediction.ts';

/** Features whose costs have one factor. */
export interface Column {
  readonly features: readonly FeatureId[];
  /** What one of them costs before the factor: its own cost, or that of a call which does nothing. */
  readonly price: 'own' | 'call';
  /**
   * What the factor is held at: the level, which is how many times more calls of programs cost than those of cells; 1; or 0,
   * for what comes on top of other columns.
   */
  readonly prior: 'level' | 'one' | 'none';
}

/** A form of the model: which costs are corrected together, and how strongly factors are held at their priors. */
export interface Candidate {
  readonly name: string;
  /** A feature can be in several: its cost is the sum. */
  readonly columns: readonly Column[];
  /** Weight of (factor − prior)² beside the squared relative errors of the applications, one each. */
  readonly ridge: number;
}

const light: readonly FeatureId[] = ['call.trap', 'call.other', 'call.process', 'call.memory'];
const data: readonly FeatureId[] = ['call.read', 'call.write'];
const files: readonly FeatureId[] = ['call.open'];
const waits: readonly FeatureId[] = ['call.wait', 'call.futex', 'switches'];
const sockets: readonly FeatureId[] = ['call.socket'];
const tasks: readonly FeatureId[] = ['processes', 'threads', 'execs'];
const calls = [...light, ...data, ...files, ...sockets, 'call.wait', 'call.futex'] as const;

const own = (...features: readonly FeatureId[]): Column => ({ features, price: 'own', prior: 'one' });
const levelled = (...features: readonly FeatureId[]): Column => ({ features, price: 'own', prior: 'level' });
const extra = (...features: readonly FeatureId[]): Column => ({ features, price: 'own', prior: 'none' });
/** Every call costs the same, whatever it does: the way into another kernel and back. */
const flat: Column = { features: calls, price: 'call', prior: 'level' };
/** What the native kernel works for the program, another one works, at its own price. */
const kernel = levelled('kernel');
const computing = own('user');
const rest = [own(...tasks), computing] as const;

/** From few factors to many; fifteen applications cannot teach more. */
const forms: Readonly<Record<string, readonly Column[]>> = {
  kernel: [kernel, ...rest],
  'kernel and faults': [kernel, extra('faults'), ...rest],
  'kernel and files': [kernel, extra(...data, ...files), extra('faults'), ...rest],
  'kernel and memory': [kernel, extra('call.memory'), ...rest],
  'kernel, files and memory': [kernel, extra(...data, ...files), extra('call.memory'), ...rest],
  'kernel and calls': [
    kernel,
    extra(...light, ...data, ...files, ...sockets, ...waits),
    extra('faults'),
    ...rest,
  ],
  calls: [flat, extra('faults'), ...rest],
  families: [
    levelled(...light),
    levelled(...data, ...sockets),
    levelled(...files),
    levelled(...waits),
    own('faults'),
    ...rest,
  ],
};

const ridges = [0.3, 0.03, 0.003] as const;

/** Every form at every strength; which one is used is decided by applications that it has not seen. */
export const candidates: readonly Candidate[] = Object.entries(forms).flatMap(([name, columns]) =>
  ridges.map((ridge) => ({ name, columns, ridge })),
);
