import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listed } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { refusal } from '../../../core/model/error.ts';
import { nearest } from '../../../core/model/nearest.ts';
import { type Profile, profilePrefix } from './profile-record.ts';
import { readProfile } from './profiles-on-disk.ts';

const notice = notices('storedProfile', { none: "no profile ''{name}''" });
const text = reasons('storedProfile', {
  noneHere: {
    message: 'there is no such profile: looked for {looked}',
    fix: 'make one:  @(profile --container ID)',
  },
  another: {
    message: 'there is no such profile: looked for {looked}',
    fix: 'for example {example}',
  },
});

const profileFile = 'profile.json';

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  return found.isDirectory() ? 'directory' : 'file';
}

/** Ids of the profiles below a results directory, newest first: an id has its time. */
async function profileIds(results: string): Promise<readonly string[]> {
  const names = await readdir(results).catch(() => []);
  return names
    .filter((name) => name.startsWith(profilePrefix))
    .toSorted()
    .toReversed();
}

/**
 * Reads a profile by its id, the path of its directory or of its file, or `latest`. OcibenchError (exit 2) where there is none,
 * or where it is damaged.
 */
export async function findProfile(
  name: string,
  { path, results }: { readonly path: string; readonly results: string },
): Promise<{ readonly file: string; readonly profile: Profile }> {
  const ids = await profileIds(results);
  const [newest] = ids;
  const places = [path, join(results, name === 'latest' && newest !== undefined ? newest : basename(name))];
  const candidates: string[] = [];
  for (const place of places) {
    const kind = await kindOf(place);
    const file = kind === 'file' ? place : join(place, profileFile);
    candidates.push(file);
    const profile = kind === null ? null : await readProfile(file, null);
    if (profile !== null) return { file, profile };
  }
  const looked = listed(candidates, 'and');
  const example = nearest(basename(name), ids) ?? newest;
  throw refusal(
    notice.none({ name }),
    { file: results, key: name },
    example === undefined ? text.noneHere({ looked }) : text.another({ looked, example }),
  );
}
