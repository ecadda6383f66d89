import { notices, type Reason, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { exitCodes, OcibenchError, type ProblemPlace, problemOf } from '../../model/error.ts';
import { maskUrls } from '../../model/mask-url.ts';

/** Origin of a setting, for errors: a file, or `environment` or `command line`. */
export type SettingSource = ProblemPlace;

/** A parsed daemon address. `shown` is safe to print: it contains no password. */
export type DaemonAddress = { readonly shown: string } & (
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

/** An error about one setting; default: exit 2. */
export function refuse(
  what: Message,
  source: SettingSource,
  complaint: Pick<Reason, 'message' | 'fix'>,
  options: { readonly exitCode?: 2 | 3; readonly cause?: unknown } = {},
): OcibenchError {
  return new OcibenchError(what, {
    exitCode: options.exitCode ?? exitCodes.misuse,
    problems: [problemOf(source, complaint)],
    cause: options.cause,
  });
}

const words = notices('daemon', { badAddress: "the daemon's address {shown} cannot be used" });

const invalid = reasons('daemon.address', {
  noSocketPath: {
    message: 'does not name an absolute socket path',
    fix: 'for example unix:///var/run/docker.sock',
  },
  notDocker: {
    message: 'is not an address of a Docker daemon',
    fix: 'use unix:///path, tcp://host:2376 or ssh://user@host',
  },
  noHost: { message: 'does not name a host', fix: 'use unix:///path, tcp://host:2376 or ssh://user@host' },
  query: {
    message: 'has a query or a fragment',
    fix: 'use unix:///path, tcp://host:2376 or ssh://user@host',
  },
  sshPassword: {
    message: 'contains a password, which ssh does not accept in an address',
    fix: 'use a key (ssh-add), and ssh://user@host',
  },
  noUser: { message: 'does not name a user', fix: 'use unix:///path, tcp://host:2376 or ssh://user@host' },
  user: {
    message: 'contains a user or a password, which the Docker API does not support',
    fix: 'remove them; a client certificate decides who may connect (DOCKER_CERT_PATH)',
  },
  path: { message: 'contains a path', fix: 'use tcp://host:2376' },
});

/**
 * Parses `unix://`, `tcp://` (also `http://`, `https://`, or no scheme, as Docker accepts) and `ssh://`. OcibenchError
 * (exit 2) that quotes the text without user and password.
 */
export function parseAddress(text: string, source: SettingSource): DaemonAddress {
  const shown = maskUrls(text.includes('://') ? text : `tcp://${text}`);
  const wrong = (reason: Reason) => refuse(words.badAddress({ shown }), source, reason);
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    if (!path.startsWith('/')) throw wrong(invalid.noSocketPath);
    return { kind: 'unix', path, shown: text };
  }
  const url = URL.parse(text.includes('://') ? text : `tcp://${text}`);
  if (url === null || !['tcp:', 'http:', 'https:', 'ssh:'].includes(url.protocol))
    throw wrong(invalid.notDocker);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '' || host.startsWith('-')) throw wrong(invalid.noHost);
  if (url.search !== '' || url.hash !== '') throw wrong(invalid.query);
  const port = url.port === '' ? null : Number(url.port);
  if (url.protocol === 'ssh:') {
    if (url.password !== '') throw wrong(invalid.sshPassword);
    const user = url.username === '' ? null : decodeURIComponent(url.username);
    if (user?.startsWith('-')) throw wrong(invalid.noUser);
    const socket = url.pathname.length > 1 ? decodeURIComponent(url.pathname) : '/var/run/docker.sock';
    return { kind: 'ssh', host, port, user, socket, shown };
  }
  if (url.username !== '' || url.password !== '') throw wrong(invalid.user);
  if (url.pathname.length > 1) throw wrong(invalid.path);
  return { kind: 'tcp', host, port, shown };
}
