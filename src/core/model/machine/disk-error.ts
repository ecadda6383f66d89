import { messages, type Reason, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { type ExitCode, exitCodes, OcibenchError, problemOf } from '../failure/error.ts';

const words = messages('disk', {
  cannotWrite: 'a file cannot be written',
  orElsewhere: '{fix}; or choose another place with {choice}',
  dockerRoom:
    'see what uses it:  docker system df -v ; remove what you do not need:  docker container prune ; docker image prune ; docker builder prune',
});

/** Errors of the kernel on writing (errno(3)), each with a fix other than choosing another place. */
const text = reasons('disk', {
  full: { message: 'no space is left on its device (ENOSPC)', fix: 'free some space there' },
  quota: {
    message: 'the disk quota is used up (EDQUOT)',
    fix: 'free some space there, or have the quota raised',
  },
  tooLarge: { message: 'it would be larger than allowed (EFBIG)', fix: 'raise the limit (ulimit -f)' },
  failed: { message: 'the device failed (EIO)', fix: 'check the kernel log (dmesg)' },
  readOnly: { message: 'its file system is read-only (EROFS)', fix: 'mount it for writing' },
  denied: { message: 'permission denied (EACCES)', fix: 'run as a user who may write there' },
  notPermitted: { message: 'permission denied (EPERM)', fix: 'run as a user who may write there' },
  exists: { message: 'a part of the path is not a directory (EEXIST)', fix: 'remove what is in the way' },
  notDirectory: {
    message: 'a part of the path is not a directory (ENOTDIR)',
    fix: 'remove what is in the way',
  },
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

/** How to free space in Docker's data directory. */
export const dockerDiskFix: Message = words.dockerRoom;

/** Text of Linux for a full disk or quota (ENOSPC, EDQUOT), as Go and C print it. */
export const diskFullWords = /(no space left on device)|disk quota exceeded/i;

/** A full disk, or a used-up quota. */
export type DiskFull = 'ENOSPC' | 'EDQUOT';

/** Find the error in a text, such as a log, if it reports a full disk or quota; else null. */
export function diskFullIn(words: string): DiskFull | null {
  const match = diskFullWords.exec(words);
  if (match === null) return null;
  return match[1] === undefined ? 'EDQUOT' : 'ENOSPC';
}

/** EDQUOT of Linux (include/uapi/asm-generic/errno.h), negative as in node:fs. */
const quotaErrno = -122;

/** The code of a system error. libuv does not know EDQUOT, so Node has no name for it. */
function codeOf(error: unknown): string | null {
  const { code, errno } = Object(error) as { readonly code?: unknown; readonly errno?: unknown };
  if (errno === quotaErrno) return 'EDQUOT';
  return typeof code === 'string' ? code : null;
}

/** The code of an error if it means a full disk or quota; else null. */
export function diskFullCode(error: unknown): DiskFull | null {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT' ? code : null;
}

/**
 * Convert an error of the host's disk into an OcibenchError that names the path and the fix. Return any other error
 * unchanged. `choice` names the option for another place, such as `--out DIR`; null where the file's purpose is
 * unknown.
 */
export function diskError(path: string, error: unknown, choice: string | null = '--out DIR'): unknown {
  const code = codeOf(error);
  const reason = code === null ? undefined : known[code];
  if (reason === undefined) return error;
  const [{ message, fix }, exitCode] = reason;
  const help: Message = choice === null ? fix : words.orElsewhere({ fix, choice });
  return new OcibenchError(words.cannotWrite, {
    exitCode,
    problems: [problemOf(path, { message, fix: help })],
    cause: error,
  });
}

/** Codes that only writing raises; reading raises others too. */
const ofWriting: readonly (string | null)[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS'];

/** {@link diskError} for any error of node:fs that names its file, where no caller has explained it. */
export function writeError(error: unknown): unknown {
  const { path } = Object(error) as { readonly path?: unknown };
  return typeof path === 'string' && ofWriting.includes(codeOf(error)) ? diskError(path, error, null) : error;
}
