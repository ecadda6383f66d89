import type { ReadRunFiles } from '../../../app/ports.ts';
import { profileSchema } from '../recording/profile-record.ts';
import { profileFileName, profilesDirectory, readProfiles } from '../recording/profiles-on-disk.ts';
import { worksOf } from '../recording/run-profiles.ts';

/** The profiles of the run's own workloads. */
const readOfRun: ReadRunFiles = async (path, run) =>
  (await readProfiles(path, worksOf(run))).map((profile) => ({
    path: `${profilesDirectory}/${profileFileName(profile.work ?? { workload: '', params: '' })}`,
    record: profile,
    withHost: (host) => {
      const { id: _, ...facts } = profile.host;
      return { ...profile, host: { ...facts, ...host } };
    },
    parse: (record) => profileSchema.parse(record),
  }));

export default readOfRun;
