/** A value and the ends of its interval; all three are the same where it is taken as exact. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** What a service promises: its CPUs are used no more than so much, or so many of its answers come within a time. */
export type Slo =
  | { readonly kind: 'utilisation'; readonly utilisation: number }
  | {
      readonly kind: 'response';
      /** Of this share of the answers, such as 0.99. */
      readonly percentile: number;
      /** The longest time in which they may come, ms. */
      readonly withinMs: number;
      /** Mean time of an answer natively while nothing else runs, ms. */
      readonly aloneMs: number;
    };

/** A service of services.yaml. null: not given. */
export interface PlannedService {
  readonly name: string;
  readonly replicas: number;
  /** A recording.json of one replica, as it stands in the file. */
  readonly recording: string | null;
  /** A workload of the run that costs under each runtime what this service does; `params` null: its only ones. */
  readonly workload: { readonly id: string; readonly params: string | null } | null;
  /** Requests that a replica works on at once. */
  readonly concurrency: number | null;
  readonly cpu: {
    /** CPUs that a replica uses natively, on average at the load that is planned for. */
    readonly usage: Interval | null;
    readonly request: number | null;
    readonly limit: number | null;
    /** CPU time ÷ native CPU time, by runtime. */
    readonly ratios: ReadonlyMap<string, Interval>;
  };
  readonly memory: {
    /** Bytes that a replica holds natively at most. */
    readonly usage: Interval | null;
    readonly request: number | null;
    readonly limit: number | null;
  };
  readonly slo: Slo | null;
  /** So many replicas start at once, and are to be up within a time. */
  readonly storm: { readonly replicas: number; readonly withinMs: number } | null;
  /** It may run under these only. */
  readonly runtimes: readonly string[] | null;
}

/** A type of host that can be had. */
export interface HostType {
  readonly name: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Set aside for the system and the engine. */
  readonly reserved: { readonly cpus: number; readonly memoryBytes: number };
  /** null: no limit. */
  readonly maxPods: number | null;
  /** Of a month. */
  readonly price: number | null;
  /** No more of them can be had; null: no limit. */
  readonly count: number | null;
}

/** services.yaml, checked and in base units. */
export interface PlanInput {
  readonly services: readonly PlannedService[];
  readonly hosts: readonly HostType[];
  /** null: all that the run has. */
  readonly runtimes: readonly string[] | null;
  /** Under which the services run today; null: the native one. */
  readonly today: string | null;
  readonly currency: string | null;
}
