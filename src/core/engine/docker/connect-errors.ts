import { join } from 'node:path';
import { external } from '../../messages/compose.ts';
import { notices, type Reason, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { exitCodes, OcibenchError, problemOf } from '../../model/failure/error.ts';
import { maskUrls } from '../../model/mask-url.ts';
import { EngineError } from '../engine.ts';
import type { ChosenDaemon, DaemonAddress } from './context.ts';

/** The attempted connection, for the explanation of its failure. */
export interface ConnectionAttempt extends Omit<ChosenDaemon, 'url'> {
  readonly address: DaemonAddress;
  /** False for the default socket, whose name is a message. */
  readonly named: boolean;
}

const notice = notices('daemon', { silent: 'no Docker daemon answers at {shown} ({origin})' });

const tls = reasons('daemon.tls', {
  otherCa: {
    message: 'this CA did not sign the certificate of the daemon that answers',
    fix: "put the CA that signed the daemon's certificate (its --tlscert) here, or correct the address",
  },
  expired: {
    message: "the daemon's certificate has expired, or is not valid yet",
    fix: "compare the clocks of both hosts, or have a new one issued on the daemon's host (its --tlscert), and restart the daemon",
  },
  otherName: {
    message: "the daemon's certificate is not for the name in this address, but for: {names}",
    fix: 'use one of these names, or have a certificate issued with this one in its subjectAltName',
  },
  clientRefused: {
    message: 'the daemon refuses this client certificate',
    fix: "have it signed by the daemon's own CA (its --tlscacert), with extendedKeyUsage = clientAuth",
  },
  oneSided: {
    message: 'one side speaks TLS and the other does not',
    fix: 'start the daemon with --tlsverify, set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, and leave insecureTcp out',
  },
});

const ssh = reasons('daemon.ssh', {
  notInstalled: { message: 'ssh is not installed on this host', fix: 'apt-get install -y openssh-client' },
  unknownHostKey: {
    message: 'the host is unknown here, or its key has changed',
    fix: 'compare its key and accept it once by hand:  ssh {target} true',
  },
  denied: {
    message: 'ssh cannot log in without asking a question',
    fix: 'load a key (ssh-add) or name it in ~/.ssh/config, until this works:  ssh -o BatchMode=yes {target} true',
  },
  other: { message: '{said}', fix: 'try by hand:  ssh {target} docker version' },
});

const reach = reasons('daemon.reach', {
  socketDenied: {
    message: 'this user may not use the socket',
    fix: 'run as root, or as a member of the group that owns it:  usermod -aG docker "$USER"',
  },
  nobody: { message: 'nothing listens there', fix: 'start the daemon, or correct the address' },
  noHost: {
    message: 'the host is not found, or does not answer',
    fix: 'correct the address, or check the network and the firewall',
  },
  closed: {
    message: 'the connection was closed before an answer came',
    fix: "read the daemon's log: it is starting, stopping or refusing this client",
  },
  other: { message: '{said}', fix: 'check that the daemon runs:  docker info' },
});

type Fill = (values: Readonly<Record<'said' | 'target' | 'names', Message | string>>) => Reason;

/** What Node, OpenSSL (X509_V_ERR_*, alerts) or ssh says → the reason, and the file that is to blame. */
const complaints: readonly (readonly [RegExp, Reason | Fill, ('ca.pem' | 'cert.pem')?])[] = [
  [/UNABLE_TO_(VERIFY|GET)|SELF_SIGNED|CERT_(SIGNATURE|UNTRUSTED)|INVALID_CA/, tls.otherCa, 'ca.pem'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, tls.expired],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, tls.otherName],
  [/alert.(\w+.)?cert|alert.(unknown.ca|access.denied|handshake)/i, tls.clientRefused, 'cert.pem'],
  [/wrong.version.number|packet.length.too.long|HTTPS server/i, tls.oneSided],
  [/spawn ssh ENOENT/, ssh.notInstalled],
  [/ssh says: Host key verification failed/, ssh.unknownHostKey],
  [/ssh says: .*Permission denied/, ssh.denied],
  [/ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|ETIMEDOUT|TimeoutError/, reach.noHost],
  [/ssh says: .*(Could not resolve|timed out|No route)/, reach.noHost],
  [/ECONNREFUSED|connect ENOENT|ssh says: .*Connection refused/, reach.nobody],
  [/ssh says: /, ssh.other],
  [/connect (EACCES|EPERM)/, reach.socketDenied],
  [/ECONNRESET|EPIPE/, reach.closed],
];

/** An error of Node or OpenSSL; one of a wrong name has the certificate. */
type ConnectionError = NodeJS.ErrnoException & { readonly cert?: { readonly subjectaltname?: string } };

function listCauses(error: unknown): readonly ConnectionError[] {
  const causes: Error[] = [];
  for (let one = error; one instanceof Error && causes.length < 8; one = one.cause) causes.push(one);
  return causes;
}

/** The error's own text, with passwords removed from addresses. */
function quoteError(error: unknown): Message {
  const text = error instanceof Error ? error.message : String(error);
  const masked = maskUrls(text);
  return error instanceof EngineError && masked === text ? error.said : external(masked);
}

/** Why no daemon answered: OcibenchError (exit 3) that names file or setting, the reason, and the fix. */
export function connectError(error: unknown, attempt: ConnectionAttempt): OcibenchError {
  const { address, source, tls: directory } = attempt;
  const origin = attempt.named ? attempt.origin : source.file;
  const causes = listCauses(error);
  // A failure while writing has the code EPROTO, and OpenSSL's reason in its text.
  const facts = causes.map(({ name, code, message }) => `${name} ${code} ${message}`).join('\n');
  const [, found = reach.other, file] = complaints.find(([pattern]) => pattern.test(facts)) ?? [];
  const values = {
    said: quoteError(error),
    target: address.kind === 'ssh' ? address.target : '',
    names: causes.map(({ cert }) => cert?.subjectaltname).find(Boolean) ?? '-',
  };
  const reason = typeof found === 'function' ? found(values) : found;
  const place = file && directory ? { file: join(directory, file), key: '' } : source;
  return new OcibenchError(notice.silent({ shown: address.shown, origin }), {
    exitCode: exitCodes.noEngine,
    problems: [problemOf(place, reason)],
    cause: error,
  });
}
