import type {
  RecordedWork,
  Recording,
  WorkRecording,
} from '../../../../src/features/capacity/recording/recording.ts';
import { madeRecording } from './made-recording.ts';

/** A recording of a workload of a run; of `app/redis` where nothing else is said. */
export function workRecording(
  work: Partial<RecordedWork> = {},
  parts: Partial<Recording> = {},
): WorkRecording['recording'] {
  return {
    ...madeRecording(parts),
    work: {
      workload: 'app/redis',
      params: 'op=get;pipeline=1',
      runtime: 'runc',
      units: 5000,
      definition: 'd1',
      recipe: 'r1',
      ...work,
    },
  };
}
