/** Errors by number (asm-generic/errno.h), with the words that C libraries and languages have for them, in small letters. */
const errors: Readonly<Record<number, readonly [name: string, ...words: string[]]>> = {
  // busybox and others say that permission is denied.
  1: ['EPERM', 'operation not permitted', 'not permitted', 'permission denied'],
  2: ['ENOENT', 'no such file or directory'],
  5: ['EIO', 'input/output error', 'i/o error'],
  6: ['ENXIO', 'no such device or address'],
  12: ['ENOMEM', 'cannot allocate memory', 'out of memory'],
  13: ['EACCES', 'permission denied'],
  14: ['EFAULT', 'bad address'],
  16: ['EBUSY', 'device or resource busy', 'resource busy'],
  19: ['ENODEV', 'no such device'],
  20: ['ENOTDIR', 'not a directory'],
  22: ['EINVAL', 'invalid argument'],
  24: ['EMFILE', 'too many open files', 'no file descriptors available'],
  25: ['ENOTTY', 'inappropriate ioctl for device', 'not a tty'],
  28: ['ENOSPC', 'no space left on device'],
  29: ['ESPIPE', 'illegal seek', 'invalid seek'],
  30: ['EROFS', 'read-only file system'],
  34: ['ERANGE', 'numerical result out of range', 'result not representable'],
  38: ['ENOSYS', 'function not implemented'],
  61: ['ENODATA', 'no data available'],
  71: ['EPROTO', 'protocol error'],
  75: ['EOVERFLOW', 'value too large'],
  90: ['EMSGSIZE', 'message too long', 'message too large'],
  92: ['ENOPROTOOPT', 'protocol not available'],
  93: ['EPROTONOSUPPORT', 'protocol not supported'],
  94: ['ESOCKTNOSUPPORT', 'socket type not supported'],
  95: ['EOPNOTSUPP', 'operation not supported', ': not supported'],
  97: ['EAFNOSUPPORT', 'address family not supported'],
  98: ['EADDRINUSE', 'address already in use', 'address in use'],
  99: ['EADDRNOTAVAIL', 'cannot assign requested address', 'address not available'],
  101: ['ENETUNREACH', 'network is unreachable', 'network unreachable'],
  105: ['ENOBUFS', 'no buffer space available'],
};

/** Name of an error; null of one that is no refusal, such as EAGAIN. */
export function errorName(errno: number): string | null {
  return errors[errno]?.[0] ?? null;
}

/** Does a text, in small letters, name this error? */
export function namesError(text: string, errno: number): boolean {
  const known = errors[errno];
  if (known === undefined) return false;
  const [name, ...words] = known;
  return (
    words.some((each) => text.includes(each)) ||
    new RegExp(`\\b${name.toLowerCase()}\\b|\\b(?:errno|os error)\\W{0,3}${errno}\\b`).test(text)
  );
}

/** Does a text, in small letters, name any error? */
export const namesAnyError = (text: string): boolean =>
  Object.keys(errors).some((errno) => namesError(text, Number(errno)));
