/**
 * `scripts/with-node node scripts/recordings.ts DIRECTORY`: writes workloads/recordings.csv from the recordings of shipped
 * workloads in the `profiles/` of a run, made by `ocibench profile RUN`.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readAllProfiles } from '../src/features/capacity/recording/profiles-on-disk.ts';
import { recordingsCsv, recordingsFile } from '../src/features/capacity/recording/shipped.ts';

const [, , directory] = process.argv;
if (directory === undefined) throw new Error('name the directory of a run');
const profiles = await readAllProfiles(join(resolve(directory), 'profiles'));
const works = profiles.flatMap((profile) =>
  profile.work === undefined ? [] : [{ ...profile, work: profile.work }],
);
await writeFile(recordingsFile, recordingsCsv(works));
