import type { ReportData } from '../../../report/context.ts';
import { whyKey, whyOf } from '../predict/why.ts';
import { recordingsOf } from '../recording/run-recordings.ts';

const why: ReportData = {
  key: whyKey,
  of: async ({ path, run, trials, workloads }) =>
    whyOf(run, trials, workloads, await recordingsOf(path, run)),
};

export default why;
