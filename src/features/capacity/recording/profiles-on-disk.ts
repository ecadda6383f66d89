import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { refusal } from '../../../core/model/error.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import { validate } from '../../../core/store/validate.ts';
import { type Profile, type ProfiledWork, profileSchema, profileVersion } from './profile-record.ts';

const notice = notices('storedProfile', { unusable: 'a profile of the run cannot be used' });

const text = reasons('storedProfile', {
  notDirectory: { message: 'it is no directory', fix: 'remove it' },
  notJson: { message: 'it is not JSON', fix: 'remove it, and profile the workload again' },
  otherVersion: {
    message: 'is {found}; this ocibench reads {known}',
    fix: 'remove it, and profile the workload again',
  },
  unexpected: {
    message: 'not what profileVersion {known} has there: {what}',
    fix: 'remove it, and profile the workload again',
  },
  otherWork: {
    message: 'is {found}, and the file is that of {expected}',
    fix: 'remove it, and profile the workload again',
  },
});

/** Directory of the profiles of its workloads in a run's directory. */
export const profilesDirectory = 'profiles';

/** A workload with its parameters. */
export type WorkIdentity = Pick<ProfiledWork, 'workload' | 'params'>;

/** Longest name of a file without its ending; most file systems take 255 bytes. */
const longestName = 200;

/**
 * Name of the file of a workload's profile: `app-redis.op=get.pipeline=1.json`. Values can hold whatever their author likes:
 * other characters than letters, digits, `_` and `-` become `%XX`, and a long name ends with a digest of the whole.
 */
export function profileFileName({ workload, params }: WorkIdentity): string {
  const parts = [workload.replace('/', '-'), ...(params === '' ? [] : params.split(';'))];
  const name = parts.map((part) => part.replaceAll(/[^A-Za-z0-9_=-]/gu, percent)).join('.');
  if (name.length <= longestName) return `${name}.json`;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, longestName)}.${digest}.json`;
}

function percent(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/**
 * The profiles of these workloads in a run's directory; those that it lacks are left out. Follows no link. OcibenchError
 * (exit 2) that names a file that is damaged, or is another workload's.
 */
export async function readProfiles(
  runDirectory: string,
  works: readonly WorkIdentity[],
): Promise<readonly Profile[]> {
  const directory = join(runDirectory, profilesDirectory);
  const found = await lstat(directory).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) throw refusal(notice.unusable, { file: directory, key: '' }, text.notDirectory);
  const profiles: Profile[] = [];
  for (const work of works) {
    const profile = await readProfile(join(directory, profileFileName(work)), work);
    if (profile !== null) profiles.push(profile);
  }
  return profiles;
}

/** Every profile in a directory of ocibench's own, by the names of their files. */
export async function readAllProfiles(directory: string): Promise<readonly Profile[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json'));
  const profiles = await Promise.all(
    names.toSorted().map((name) => readProfile(join(directory, name), null)),
  );
  return profiles.filter((profile) => profile !== null);
}

/** null where there is no such file. `work`: whose it must be; null: anybody's. */
export async function readProfile(file: string, work: WorkIdentity | null): Promise<Profile | null> {
  const content = await readPlainFile(file, { followLinks: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (content === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw refusal(notice.unusable, { file, key: '' }, text.notJson, cause);
  }
  const version = (Object(value) as Record<string, unknown>).profileVersion;
  if (version !== profileVersion)
    throw refusal(
      notice.unusable,
      { file, key: 'profileVersion' },
      text.otherVersion({
        found: JSON.stringify(version ?? null).slice(0, 40),
        known: String(profileVersion),
      }),
    );
  const parsed = validate(profileSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(
      notice.unusable,
      { file, key: issue?.path.map(String).join('.') ?? '' },
      text.unexpected({ known: String(profileVersion), what: String(issue?.message) }),
      parsed.error,
    );
  }
  const { work: of } = parsed.data;
  if (work !== null && (of?.workload !== work.workload || of.params !== work.params))
    throw refusal(
      notice.unusable,
      { file, key: 'work' },
      text.otherWork({
        found: of === undefined ? 'absent' : subjectName(of),
        expected: subjectName(work),
      }),
    );
  return parsed.data;
}
