import type {
  Profile,
  ProfiledWork,
  WorkProfile,
} from '../../../../src/features/capacity/recording/profile-record.ts';
import { profileRecord } from './profile-record.ts';

/** A profile of a workload of a run; of `app/redis` where nothing else is said. */
export function workProfile(
  work: Partial<ProfiledWork> = {},
  parts: Partial<Profile> = {},
): WorkProfile['profile'] {
  return {
    ...profileRecord(parts),
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
