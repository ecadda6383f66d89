import { type ExitCode, exitCodes, OcibenchError } from './error.ts';

/** What the kernel says when it cannot write (errno(3)): in words, what would help beside another place, and how to end. */
const known: Readonly<Record<string, readonly [string, string, ExitCode]>> = {
  ENOSPC: ['no space is left on its device', 'free some space there', exitCodes.someFailed],
  EDQUOT: [
    'the disk quota is used up',
    'free some space there, or have the quota raised',
    exitCodes.someFailed,
  ],
  EFBIG: ['it would be larger than allowed', 'raise the limit (ulimit -f)', exitCodes.someFailed],
  EIO: ['the device failed', 'look into the kernel log (dmesg)', exitCodes.someFailed],
  EROFS: ['its file system is read-only', 'mount it for writing', exitCodes.misuse],
  EACCES: ['permission denied', 'run as a user who may write there', exitCodes.misuse],
  EPERM: ['permission denied', 'run as a user who may write there', exitCodes.misuse],
  EEXIST: ['a part of the path is no directory', 'remove what is in the way', exitCodes.misuse],
  ENOTDIR: ['a part of the path is no directory', 'remove what is in the way', exitCodes.misuse],
};

/**
 * Where the host's disk is at fault: an OcibenchError that names the path and what is needed; else the error itself.
 * `choice`: how another place is chosen, such as `--out DIR`.
 */
export function diskError(path: string, error: unknown, choice = '--out DIR'): unknown {
  const code = (error as { readonly code?: unknown } | null)?.code;
  const words = typeof code === 'string' ? known[code] : undefined;
  if (words === undefined) return error;
  const [message, help, exitCode] = words;
  return new OcibenchError('a file cannot be written', {
    exitCode,
    problems: [
      {
        file: path,
        key: '',
        message: `${message} (${code})`,
        fix: `${help}; or choose another place with ${choice}`,
      },
    ],
    cause: error,
  });
}
