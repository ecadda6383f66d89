import type { Attribution, Cause } from '../../src/features/capacity/predict/prediction.ts';
import type { ExplainedApplication, Why } from '../../src/features/capacity/predict/why.ts';

const causes: readonly Cause[] = [
  { cause: 'call.open', count: 3.25, ns: 40_000 },
  { cause: 'faults', count: 12, ns: 30_000 },
  { cause: 'switches', count: 1.5, ns: 20_000 },
  { cause: 'call.trap', count: 8, ns: 8000 },
  { cause: 'call.read', count: 4, ns: 5000 },
  { cause: 'bytes', count: 52_000, ns: 4000 },
  { cause: 'call.memory', count: 2, ns: 3000 },
  { cause: 'execs', count: 0.001, ns: 100 },
  { cause: 'user', count: 60_000, ns: -6000 },
];

/** An application under a runtime that takes so many times the native CPU time; the causes above explain part of it. */
export function explained(
  workload: string,
  params: string,
  {
    runtime = 'runsc',
    nativeNs = 100_000,
    times = 3,
  }: { runtime?: string; nativeNs?: number; times?: number } = {},
): ExplainedApplication {
  const subjectNs = nativeNs * times;
  const sum = causes.reduce((total, { ns }) => total + ns, nativeNs);
  const attribution: Attribution = {
    runtime,
    subject: `${workload} ${params}`.trim(),
    per: 'unit',
    nativeNs,
    subjectNs,
    measured: true,
    causes: [...causes, { cause: 'rest', count: null, ns: subjectNs - sum }],
  };
  return { workload, params, source: 'run', attribution };
}

/** Several applications under runsc, and one under a runtime with the host's kernel. */
export const why: Why = {
  native: 'runc',
  isPriced: true,
  explained: [
    explained('app/redis', 'op=get;pipeline=1', { times: 4 }),
    explained('app/redis', 'op=get;pipeline=16', { times: 2 }),
    explained('app/tar', 'op=gzip', { times: 1.3, nativeNs: 900_000 }),
    explained('app/openssl', 'algorithm=sha256', { times: 1.01, nativeNs: 4e9 }),
    explained('app/redis', 'op=get;pipeline=1', { runtime: 'crun', times: 1.02 }),
  ],
  unrecorded: [{ workload: 'app/gcc', params: 'files=4' }],
  unusable: [{ workload: 'app/sqlite', params: '' }],
};
