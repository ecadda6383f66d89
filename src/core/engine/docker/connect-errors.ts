import { external } from '../../messages/compose.ts';
import { messages, notices, type Reason, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { exitCodes, OcibenchError, type Problem, problemOf } from '../../model/error.ts';
import { maskUrls } from '../../model/mask-url.ts';
import { EngineError } from '../engine.ts';
import type { DaemonAddress, SettingSource } from './address.ts';
import type { TlsFiles } from './tls-files.ts';

/** The attempted connection, for the explanation of its failure. */
export interface ConnectionAttempt {
  readonly address: DaemonAddress;
  readonly origin: string;
  readonly source: SettingSource;
  readonly tls: TlsFiles | null;
}

/**
 * Error codes of Node and OpenSSL (X509_V_ERR_*, SSL alerts) anywhere in a chain of causes. Failures while writing have
 * the code EPROTO alone: OpenSSL's reason is then taken from the text, in the form of a code.
 */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++) {
    const { code } = one as NodeJS.ErrnoException;
    if (typeof code === 'string') codes.push(code);
    if (code === 'EPROTO') codes.push(one.message.toUpperCase().replaceAll(/[\s-]+/g, '_'));
    if (one instanceof AggregateError) for (const inner of one.errors) codes.push(...codesOf(inner));
  }
  return codes;
}

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

const words = messages('daemon', { noNames: 'no name at all (it has no subjectAltName)' });
const notice = notices('daemon', { silent: 'no Docker daemon answers at {shown} ({origin})' });

const tlsReasons = reasons('daemon.tls', {
  otherCa: {
    message:
      'this CA did not sign the certificate that {shown} presents: another daemon answers, or this is the wrong CA',
    fix: "put the CA that signed the daemon's certificate (its --tlscert) here",
  },
  expired: {
    message: "the daemon's certificate has expired",
    fix: "have a new one issued on the daemon's host (its --tlscert), and restart the daemon",
  },
  notYetValid: {
    message: "the daemon's certificate is not valid yet",
    fix: 'compare the clocks of both hosts (timedatectl)',
  },
  otherName: {
    message: "the daemon's certificate is not for ''{host}'', but for {names}",
    fix: "use one of these names, or have a certificate issued with ''{host}'' in its subjectAltName",
  },
  clientExpired: {
    message: 'the daemon says that this certificate has expired',
    fix: 'have a new one issued, and compare the clocks of both hosts',
  },
  clientRefused: {
    message: 'the daemon refuses this client certificate: it was not signed by the CA that the daemon trusts',
    fix: "have it signed by the daemon's own CA (its --tlscacert), with extendedKeyUsage = clientAuth",
  },
  noTls: {
    message: 'the server there does not speak TLS',
    fix: 'start the daemon with --tlsverify (port 2376 by convention), or correct the port',
  },
});

const reachReasons = reasons('daemon.reach', {
  noSocket: { message: 'there is no socket {path}', fix: 'start the daemon' },
  socketDenied: {
    message: 'this user may not use the socket {path}',
    fix: 'run as root, or as a member of the group that owns it:  usermod -aG docker "$USER"',
  },
  tlsOnly: {
    message: 'the daemon speaks TLS only',
    fix: 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, and leave insecureTcp out',
  },
  refused: { message: 'nothing listens there', fix: 'start the daemon, or correct the address' },
  unknownHost: { message: 'the host name cannot be resolved', fix: 'correct the address' },
  noRoute: { message: 'the host does not answer', fix: 'check the network and the firewall' },
  closed: {
    message: 'the connection was closed before an answer came',
    fix: "read the daemon's log: it is starting, stopping or refusing this client",
  },
  other: { message: '{said}', fix: 'check that the daemon runs:  docker info' },
});

/** Names of the certificate that Node rejected, without the prefix `DNS:`. */
function namesOf(error: unknown): string | Message {
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++) {
    const { cert } = one as { cert?: { subjectaltname?: string } };
    if (cert?.subjectaltname) return cert.subjectaltname.replaceAll(/(DNS|IP Address):/g, '');
  }
  return words.noNames;
}

function tlsProblem(codes: readonly string[], error: unknown, attempt: ConnectionAttempt): Problem | null {
  const { address, tls, source } = attempt;
  if (tls === null || address.kind !== 'tcp') return null;
  const has = (test: RegExp) => codes.some((code) => test.test(code));
  const ofCertificate = { file: tls.cert, key: tls.source.key };
  if (codes.some((code) => untrusted.has(code)))
    return problemOf({ file: tls.ca, key: tls.source.key }, tlsReasons.otherCa({ shown: address.shown }));
  if (codes.includes('CERT_HAS_EXPIRED')) return problemOf(source, tlsReasons.expired);
  if (codes.includes('CERT_NOT_YET_VALID')) return problemOf(source, tlsReasons.notYetValid);
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID'))
    return problemOf(source, tlsReasons.otherName({ host: address.host, names: namesOf(error) }));
  if (has(/ALERT_CERTIFICATE_EXPIRED/)) return problemOf(ofCertificate, tlsReasons.clientExpired);
  if (has(/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|ACCESS_DENIED|HANDSHAKE_FAILURE|UNSUPPORTED_CERT)/))
    return problemOf(ofCertificate, tlsReasons.clientRefused);
  if (has(/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/))
    return problemOf(source, tlsReasons.noTls);
  return null;
}

/** Reasons by error code of a connection. */
const byCode: readonly (readonly [codes: readonly string[], Reason])[] = [
  [['ECONNREFUSED'], reachReasons.refused],
  [['ENOTFOUND', 'EAI_AGAIN'], reachReasons.unknownHost],
  [['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'], reachReasons.noRoute],
  [['ECONNRESET', 'EPIPE'], reachReasons.closed],
];

function reachReason(codes: readonly string[], said: Message, { address }: ConnectionAttempt): Reason {
  if (address.kind === 'unix') {
    const { path } = address;
    if (codes.includes('ENOENT')) return reachReasons.noSocket({ path });
    if (codes.includes('EACCES') || codes.includes('EPERM')) return reachReasons.socketDenied({ path });
  }
  if (/HTTP request to an HTTPS server/.test(said.text)) return reachReasons.tlsOnly;
  const known = byCode.find(([some]) => some.some((code) => codes.includes(code)));
  return known?.[1] ?? reachReasons.other({ said });
}

/** The error's own text, with passwords removed from addresses. */
function wordsOf(error: unknown): Message {
  const text = error instanceof Error ? error.message : String(error);
  const masked = maskUrls(text);
  return error instanceof EngineError && masked === text ? error.said : external(masked);
}

/** Why no daemon answered: OcibenchError (exit 3) that names file or setting, the reason, and the fix. */
export function connectError(error: unknown, attempt: ConnectionAttempt): OcibenchError {
  const codes = codesOf(error);
  const { address, origin, source } = attempt;
  return new OcibenchError(notice.silent({ shown: address.shown, origin }), {
    exitCode: exitCodes.noEngine,
    problems: [
      tlsProblem(codes, error, attempt) ?? problemOf(source, reachReason(codes, wordsOf(error), attempt)),
    ],
    cause: error,
  });
}
