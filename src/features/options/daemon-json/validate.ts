import { readFile } from 'node:fs/promises';
import type { Reporter } from '../../../app/reporter.ts';
import { parseDaemonJson } from '../../../core/config/daemon-json.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { runProgram } from '../../../core/host/programs.ts';
import type { Message } from '../../../core/messages/message.ts';
import { refusal } from '../../../core/model/failure/error.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { type HostFile, withStaged } from './daemon-file.ts';
import { text, why } from './registry-text.ts';

/**
 * What `dockerd --validate` says against the file at `path`; null: nothing. With `userns-remap: default` even that creates the
 * user dockremap in the host's /etc/passwd, so dockerd then gets a copy without this key.
 */
export async function validate(
  path: string,
  { file, title }: { readonly file: HostFile; readonly title: Message },
  reporter: Reporter,
): Promise<string | null> {
  const dockerd = await findProgram('dockerd');
  if (dockerd === null) throw refusal(title, file.path, why.noValidator);
  const parsed = parseDaemonJson(await readFile(path, 'utf8'), '');
  const { 'userns-remap': remap = '', ...others } = parsed.ok ? parsed.config : {};
  // Before the colon is the user, behind it the group.
  const isCreated = /^default(:|$)/.test(remap);
  if (isCreated) reporter.log(text.notRemapped);
  const judge = async (judged: string) => {
    const { exitCode, stdout, stderr } = await runProgram(dockerd, ['--validate', '--config-file', judged]);
    const said = terminalText((stderr.trim() || stdout.trim()).replaceAll(judged, file.path));
    return exitCode === 0 ? null : said;
  };
  return isCreated ? withStaged(file, JSON.stringify(others), judge) : judge(path);
}
