import { exitCodes, OcibenchError } from '../../model/error.ts';
import { maskUrls } from '../../model/mask-url.ts';

/** Where a setting stands, for complaints: `file` is a file, `environment` or `command line`. */
export interface Source {
  readonly file: string;
  readonly key: string;
}

/** A daemon's address, taken apart. `shown` is what may be written down: it holds no password. */
export type Address = { readonly shown: string } & (
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number | null }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port: number | null;
      readonly user: string | null;
      /** The daemon's socket on the other host. */
      readonly socket: string;
    }
);

/** An error about one setting, exit 2 unless told. */
export function refuse(
  what: string,
  source: Source,
  complaint: { readonly message: string; readonly fix: string },
  options: { readonly exitCode?: 2 | 3; readonly cause?: unknown } = {},
): OcibenchError {
  return new OcibenchError(what, {
    exitCode: options.exitCode ?? exitCodes.misuse,
    problems: [{ ...source, ...complaint }],
    cause: options.cause,
  });
}

const forms = 'unix:///path, tcp://host:2376 or ssh://user@host';

/**
 * `unix://`, `tcp://` (also `http://`, `https://`, or no scheme at all, as Docker takes it) and `ssh://`.
 * OcibenchError (exit 2) that quotes the text without user and password.
 */
export function parseAddress(text: string, source: Source): Address {
  const shown = maskUrls(text.includes('://') ? text : `tcp://${text}`);
  const wrong = (message: string, fix: string) =>
    refuse(`the daemon's address ${shown} cannot be used`, source, { message, fix });
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    if (!path.startsWith('/'))
      throw wrong('names no absolute path of a socket', 'for example unix:///var/run/docker.sock');
    return { kind: 'unix', path, shown: text };
  }
  const url = URL.parse(text.includes('://') ? text : `tcp://${text}`);
  if (url === null || !['tcp:', 'http:', 'https:', 'ssh:'].includes(url.protocol))
    throw wrong('is not an address of a Docker daemon', `use ${forms}`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '' || host.startsWith('-')) throw wrong('names no host', `use ${forms}`);
  if (url.search !== '' || url.hash !== '') throw wrong('has a query or a fragment', `use ${forms}`);
  const port = url.port === '' ? null : Number(url.port);
  if (url.protocol === 'ssh:') {
    if (url.password !== '')
      throw wrong(
        'has a password in it, which ssh takes from no address',
        'use a key (ssh-add), and ssh://user@host',
      );
    const user = url.username === '' ? null : decodeURIComponent(url.username);
    if (user?.startsWith('-')) throw wrong('names no user', `use ${forms}`);
    const socket = url.pathname.length > 1 ? decodeURIComponent(url.pathname) : '/var/run/docker.sock';
    return { kind: 'ssh', host, port, user, socket, shown };
  }
  if (url.username !== '' || url.password !== '')
    throw wrong(
      'has a user or a password in it, which the Docker API does not know',
      'leave them out; who may connect is decided by a client certificate (DOCKER_CERT_PATH)',
    );
  if (url.pathname.length > 1) throw wrong('has a path in it', 'use tcp://host:2376');
  return { kind: 'tcp', host, port, shown };
}
