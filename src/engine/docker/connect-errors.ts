import { exitCodes, OcibenchError } from '../../model/error.ts';
import { maskUrls } from '../../model/mask-url.ts';
import type { Address, Source } from './address.ts';
import type { TlsFiles } from './tls-files.ts';

/** What was asked, so that a failure can be explained. */
export interface Attempt {
  readonly address: Address;
  readonly origin: string;
  readonly source: Source;
  readonly tls: TlsFiles | null;
}

interface Complaint extends Source {
  readonly message: string;
  readonly fix: string;
}

/**
 * Error codes of Node and OpenSSL (X509_V_ERR_*, SSL alerts), found anywhere in a chain of causes. What fails while writing has
 * the code EPROTO alone; OpenSSL's reason is then in the text, here in the form of a code.
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

/** Names in the certificate that Node found unfit, without the `DNS:` before them. */
function namesOf(error: unknown): string {
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++) {
    const { cert } = one as { cert?: { subjectaltname?: string } };
    if (cert?.subjectaltname) return cert.subjectaltname.replaceAll(/(DNS|IP Address):/g, '');
  }
  return 'no name at all (it has no subjectAltName)';
}

function tlsComplaint(codes: readonly string[], error: unknown, attempt: Attempt): Complaint | null {
  const { address, tls, source } = attempt;
  if (tls === null || address.kind !== 'tcp') return null;
  const has = (test: RegExp) => codes.some((code) => test.test(code));
  if (codes.some((code) => untrusted.has(code)))
    return {
      file: tls.ca,
      key: tls.source.key,
      message: `this CA did not sign the certificate that ${address.shown} shows: another daemon answers, or the CA is the wrong one`,
      fix: "put the CA of the daemon's certificate here (the one its --tlscert was signed with)",
    };
  if (codes.includes('CERT_HAS_EXPIRED'))
    return {
      ...source,
      message: `the daemon's certificate has expired`,
      fix: "have a new one issued on the daemon's host (its --tlscert), and restart the daemon",
    };
  if (codes.includes('CERT_NOT_YET_VALID'))
    return {
      ...source,
      message: `the daemon's certificate is not valid yet`,
      fix: 'compare the clocks of both hosts (timedatectl)',
    };
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID'))
    return {
      ...source,
      message: `the daemon's certificate is not for '${address.host}', but for ${namesOf(error)}`,
      fix: `use one of these names, or have a certificate issued with '${address.host}' in its subjectAltName`,
    };
  if (has(/ALERT_CERTIFICATE_EXPIRED/))
    return {
      file: tls.cert,
      key: tls.source.key,
      message: 'the daemon says that this certificate has expired',
      fix: 'have a new one issued, and compare the clocks of both hosts',
    };
  if (has(/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|ACCESS_DENIED|HANDSHAKE_FAILURE|UNSUPPORTED_CERT)/))
    return {
      file: tls.cert,
      key: tls.source.key,
      message:
        'the daemon refuses this client certificate: it was not signed by the CA that the daemon trusts',
      fix: "have it signed by the daemon's own CA (its --tlscacert), with extendedKeyUsage = clientAuth",
    };
  if (has(/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/))
    return {
      ...source,
      message: 'what answers there does not speak TLS',
      fix: 'start the daemon with --tlsverify (port 2376 by convention), or correct the port',
    };
  return null;
}

function reachComplaint(codes: readonly string[], said: string, { address, source }: Attempt): Complaint {
  if (address.kind === 'unix') {
    if (codes.includes('ENOENT'))
      return { ...source, message: `there is no socket ${address.path}`, fix: 'start the daemon' };
    if (codes.includes('EACCES') || codes.includes('EPERM'))
      return {
        ...source,
        message: `this user may not use the socket ${address.path}`,
        fix: 'run as root, or as a member of the group that owns it:  usermod -aG docker "$USER"',
      };
  }
  if (/HTTP request to an HTTPS server/.test(said))
    return {
      ...source,
      message: 'the daemon speaks TLS only',
      fix: 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, and leave --insecure-tcp out',
    };
  if (codes.includes('ECONNREFUSED'))
    return { ...source, message: 'nobody listens there', fix: 'start the daemon, or correct the address' };
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN'))
    return { ...source, message: 'the name of the host cannot be resolved', fix: 'correct the address' };
  if (codes.includes('EHOSTUNREACH') || codes.includes('ENETUNREACH') || codes.includes('ETIMEDOUT'))
    return { ...source, message: 'the host does not answer', fix: 'check network and firewall' };
  if (codes.includes('ECONNRESET') || codes.includes('EPIPE'))
    return {
      ...source,
      message: 'the connection was closed before an answer came',
      fix: "read the daemon's log: it is starting or ending, or refuses this client",
    };
  return { ...source, message: said, fix: 'check that the daemon runs:  docker info' };
}

/** Why no daemon answered: OcibenchError (exit 3) that names file or setting, what is wrong, and the fix. */
export function connectError(error: unknown, attempt: Attempt): OcibenchError {
  const codes = codesOf(error);
  const said = maskUrls(error instanceof Error ? error.message : String(error));
  return new OcibenchError(`no Docker daemon answers at ${attempt.address.shown} (${attempt.origin})`, {
    exitCode: exitCodes.noEngine,
    problems: [tlsComplaint(codes, error, attempt) ?? reachComplaint(codes, said, attempt)],
    cause: error,
  });
}
