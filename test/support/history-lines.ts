import type { AlarmLine, HeadlineLine, NightLine } from '../../src/features/nightly/history/record.ts';

const program = { version: 'runc 1.1.15', sha256: 'aa' };

/** The night of this day, and when its run began. */
const whenOf = (night: string) => ({ schema: 1, night, at: `${night}T02:00:00.000Z`, host: 'h1' }) as const;

/** A headline of one night of `runc ÷ runc-pin startup/echo`. */
export function headlineLine(night: string, changes: Partial<HeadlineLine> = {}): HeadlineLine {
  return {
    kind: 'headline',
    ...whenOf(night),
    run: `${night.replaceAll('-', '')}-020000-0001`,
    stage: 'night',
    runtime: 'runc',
    profile: 'default',
    layer: 'docker',
    workload: 'startup/echo',
    params: '',
    series: 'runc ÷ runc-pin startup/echo startup.total',
    category: 'startup',
    metric: 'startup.total',
    unit: 'ns',
    better: 'lower',
    against: 'pin',
    reference: 'runc-pin',
    estimate: 1,
    low: 0.95,
    high: 1.05,
    logError: 0.025,
    df: 9,
    pairs: 10,
    median: 2e8,
    failures: 0,
    disturbed: 0,
    provenance: {
      harness: '0.1.0',
      kernel: '6.12.1',
      cpu: 'EPYC',
      microcode: null,
      mitigations: 'm',
      governor: null,
      engine: 'embedded',
      engineVersion: '26.1',
      containerd: '1.7',
      cgroup: 'v2',
      runtime: program,
      reference: program,
      image: 'i',
      workload: 'w',
    },
    ...changes,
  };
}

/** The line that closes the night of {@link headlineLine}. */
export function nightLine(night: string, changes: Partial<NightLine> = {}): NightLine {
  return {
    kind: 'night',
    ...whenOf(night),
    began: whenOf(night).at,
    run: `${night.replaceAll('-', '')}-020000-0001`,
    stage: 'night',
    status: 'measured',
    reason: '',
    headlines: 1,
    minutes: 20,
    aa: null,
    disturbed: 0,
    ...changes,
  };
}

/** An alarm of that night about the series of {@link headlineLine}. */
export function alarmLine(night: string, changes: Partial<AlarmLine> = {}): AlarmLine {
  const moved = { change: 1.1, low: 1.05, high: 1.15, p: 1e-4, nights: 1 };
  return {
    kind: 'alarm',
    ...whenOf(night),
    id: `${night}/1`,
    run: `${night.replaceAll('-', '')}-020000-0001`,
    direction: 'worse',
    cause: { kind: 'runtime', changed: [] },
    since: night,
    series: [{ series: headlineLine(night).series, ...moved }],
    ...changes,
  };
}
