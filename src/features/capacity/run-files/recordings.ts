import type { ReadRunFiles } from '../../../app/ports.ts';
import { recordingSchema } from '../recording/recording.ts';
import { readRecordings, recordingFileName, recordingsDirectory } from '../recording/recordings-on-disk.ts';
import { worksOf } from '../recording/run-recordings.ts';

/** The recordings of the run's own workloads. */
const readOfRun: ReadRunFiles = async (path, run) =>
  (await readRecordings(path, worksOf(run))).map((recording) => ({
    path: `${recordingsDirectory}/${recordingFileName(recording.work ?? { workload: '', params: '' })}`,
    record: recording,
    withHost: (host) => {
      const { id: _, ...facts } = recording.host;
      return { ...recording, host: { ...facts, ...host } };
    },
    parse: (record) => recordingSchema.parse(record),
  }));

export default readOfRun;
