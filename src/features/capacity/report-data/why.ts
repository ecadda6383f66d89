import type { ReportData } from '../../../report/context.ts';
import { whyKey, whyOf } from '../predict/why.ts';
import { profilesOf } from '../recording/run-profiles.ts';

const why: ReportData = {
  key: whyKey,
  of: async ({ path, run, trials, workloads }) =>
    whyOf(run, trials, workloads, await profilesOf(path, run, workloads)),
};

export default why;
