/** A value and the ends of its interval; all three are equal if it is exact. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Objective of a service: a maximum utilisation of its CPUs, or a share of responses within a time. */
export type Slo =
  | { readonly kind: 'utilisation'; readonly utilisation: number }
  | {
      readonly kind: 'response';
      /** Share of the responses, such as 0.99. */
      readonly percentile: number;
      /** Maximum response time for that share, ms. */
      readonly withinMs: number;
      /** Mean native response time without other load, ms. */
      readonly aloneMs: number;
    };

/** A service of services.yaml. null: not given. */
export interface PlannedService {
  /** Its index in the file. */
  readonly at: number;
  readonly name: string;
  readonly replicas: number;
  /** Path of a recording.json of one replica, as written in the file. */
  readonly recording: string | null;
  /** A workload of the run whose cost ratios stand for the service; `params` null: its only parameters. */
  readonly workload: { readonly id: string; readonly params: string | null } | null;
  /** Requests that a replica handles in parallel. */
  readonly concurrency: number | null;
  readonly cpu: {
    /** CPUs that a replica uses natively, on average at the planned load. */
    readonly usage: Interval | null;
    readonly request: number | null;
    readonly limit: number | null;
    /** Runtime → CPU time ÷ native CPU time. */
    readonly ratios: ReadonlyMap<string, Interval>;
  };
  readonly memory: {
    /** Maximum native memory of a replica, bytes. */
    readonly usage: Interval | null;
    readonly request: number | null;
    readonly limit: number | null;
  };
  readonly slo: Slo | null;
  /** Start storm: this many replicas start together, and must be up within the time. */
  readonly storm: { readonly replicas: number; readonly withinMs: number } | null;
  /** Runtimes it may run under; null: any. */
  readonly runtimes: readonly string[] | null;
}

/** An available type of host. */
export interface HostType {
  readonly name: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Reserved for the system and the engine. */
  readonly reserved: { readonly cpus: number; readonly memoryBytes: number };
  /** null: no limit. */
  readonly maxPods: number | null;
  /** Price per month. */
  readonly price: number | null;
  /** Available number of hosts; null: no limit. */
  readonly count: number | null;
}

/** services.yaml, checked and in base units. */
export interface PlanInput {
  readonly services: readonly PlannedService[];
  readonly hosts: readonly HostType[];
  /** null: all runtimes of the run. */
  readonly runtimes: readonly string[] | null;
  /** Runtime of the services today; null: the native one. */
  readonly today: string | null;
  readonly currency: string | null;
}
