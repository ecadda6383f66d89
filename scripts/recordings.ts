/**
 * `scripts/with-node node scripts/recordings.ts DIRECTORY`: writes workloads/recordings.csv from the recordings of shipped
 * workloads in the `recordings/` of a run, made by `ocibench capacity record --run RUN`.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readAllRecordings } from '../src/features/capacity/recording/recordings-on-disk.ts';
import { recordingsCsv, recordingsFile } from '../src/features/capacity/recording/run-recordings.ts';

const [, , directory] = process.argv;
if (directory === undefined) throw new Error('name the directory of a run');
const recordings = await readAllRecordings(join(resolve(directory), 'recordings'));
const works = recordings.flatMap((recording) =>
  recording.work === undefined ? [] : [{ ...recording, work: recording.work }],
);
await writeFile(recordingsFile, recordingsCsv(works));
