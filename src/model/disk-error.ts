import { messages, type Reason, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type ExitCode, exitCodes, OcibenchError, problemOf } from './error.ts';

const words = messages('disk', {
  cannotWrite: 'a file cannot be written',
  orElsewhere: '{fix}; or choose another place with {choice}',
  dockerRoom:
    'look at what takes it:  docker system df -v ; remove what nobody needs:  docker container prune ; docker image prune ; docker builder prune',
});

/** What the kernel says when it cannot write (errno(3)), and what would help beside another place. */
const text = reasons('disk', {
  full: { message: 'no space is left on its device (ENOSPC)', fix: 'free some space there' },
  quota: {
    message: 'the disk quota is used up (EDQUOT)',
    fix: 'free some space there, or have the quota raised',
  },
  tooLarge: { message: 'it would be larger than allowed (EFBIG)', fix: 'raise the limit (ulimit -f)' },
  failed: { message: 'the device failed (EIO)', fix: 'look into the kernel log (dmesg)' },
  readOnly: { message: 'its file system is read-only (EROFS)', fix: 'mount it for writing' },
  denied: { message: 'permission denied (EACCES)', fix: 'run as a user who may write there' },
  notPermitted: { message: 'permission denied (EPERM)', fix: 'run as a user who may write there' },
  exists: { message: 'a part of the path is no directory (EEXIST)', fix: 'remove what is in the way' },
  notDirectory: { message: 'a part of the path is no directory (ENOTDIR)', fix: 'remove what is in the way' },
});

const known: Readonly<Record<string, readonly [Reason, ExitCode]>> = {
  ENOSPC: [text.full, exitCodes.someFailed],
  EDQUOT: [text.quota, exitCodes.someFailed],
  EFBIG: [text.tooLarge, exitCodes.someFailed],
  EIO: [text.failed, exitCodes.someFailed],
  EROFS: [text.readOnly, exitCodes.misuse],
  EACCES: [text.denied, exitCodes.misuse],
  EPERM: [text.notPermitted, exitCodes.misuse],
  EEXIST: [text.exists, exitCodes.misuse],
  ENOTDIR: [text.notDirectory, exitCodes.misuse],
};

/** What makes room where Docker keeps its data. */
export const dockerDiskFix: Message = words.dockerRoom;

/** What Linux says where a disk or a quota is used up (ENOSPC, EDQUOT), as Go and C print it. */
export const diskFullWords = /(no space left on device)|disk quota exceeded/i;

/** A disk, or a quota, that is used up. */
export type DiskFull = 'ENOSPC' | 'EDQUOT';

/** The error that somebody's words tell of, such as a log's, where it is that a disk or a quota is used up; else null. */
export function diskFullIn(words: string): DiskFull | null {
  const match = diskFullWords.exec(words);
  if (match === null) return null;
  return match[1] === undefined ? 'EDQUOT' : 'ENOSPC';
}

/** EDQUOT of Linux (include/uapi/asm-generic/errno.h), negative as node:fs has it. */
const quotaErrno = -122;

/** The code of a system error. Node has no name for EDQUOT: libuv, which names errors, does not know it. */
function codeOf(error: unknown): string | null {
  const { code, errno } = Object(error) as { readonly code?: unknown; readonly errno?: unknown };
  if (errno === quotaErrno) return 'EDQUOT';
  return typeof code === 'string' ? code : null;
}

/** Is it that a disk or a quota is used up? Else null. */
export function diskFullCode(error: unknown): DiskFull | null {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT' ? code : null;
}

/**
 * Where the host's disk is at fault: an OcibenchError that names the path and what is needed; else the error itself.
 * `choice`: how another place is chosen, such as `--out DIR`; null where it is not known whose file it is.
 */
export function diskError(path: string, error: unknown, choice: string | null = '--out DIR'): unknown {
  const code = codeOf(error);
  const reason = code === null ? undefined : known[code];
  if (reason === undefined) return error;
  const [{ message, fix }, exitCode] = reason;
  const help: Message = choice === null ? fix : words.orElsewhere({ fix, choice });
  return new OcibenchError(words.cannotWrite, {
    exitCode,
    problems: [problemOf({ file: path, key: '' }, { message, fix: help })],
    cause: error,
  });
}

/** Codes that only who writes gets; others may be about reading. */
const ofWriting: readonly (string | null)[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS'];

/** {@link diskError} of any error of node:fs that names its file, for where nobody nearer explains it. */
export function writeError(error: unknown): unknown {
  const { path } = Object(error) as { readonly path?: unknown };
  return typeof path === 'string' && ofWriting.includes(codeOf(error)) ? diskError(path, error, null) : error;
}
