import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { external } from '../../messages/compose.ts';
import { notices, type Reason, reasons } from '../../messages/define.ts';
import { misuse, type Problem, problemOf } from '../../model/failure/error.ts';

/** CA, certificate and key as PEM. */
interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

const words = notices('tls', { cannotUse: 'the TLS files of {directory} cannot be used' });

const text = reasons('tls', {
  unreadable: {
    message: 'does not exist or cannot be read ({code})',
    fix: 'put ca.pem, cert.pem and key.pem into the directory of DOCKER_CERT_PATH, or into the context',
  },
  openToOthers: {
    message:
      "can be read or written by others (mode {mode}): whoever has this key is root on the daemon's host",
    fix: 'chmod 600 {file}',
  },
  expired: { message: 'the client certificate expired on {day}', fix: 'have a new one issued' },
  unusable: {
    message: 'cannot be used with the key beside it: {said}',
    fix: 'use a certificate and a key in PEM, without a passphrase, that were issued together',
  },
});

/**
 * Reads CA, certificate and key of mutual TLS, and checks before connecting what the daemon would not explain.
 * OcibenchError (exit 2) with every file that cannot be used.
 */
// biome-ignore lint/plugin: is a certificate valid today?
export async function loadTls(directory: string, now: Date = new Date()): Promise<TlsMaterial> {
  const problems: Problem[] = [];
  const complain = (name: string, reason: Reason) =>
    problems.push(problemOf({ file: join(directory, name), key: '' }, reason));
  const read = (name: string) =>
    readFile(join(directory, name)).catch(({ code }: NodeJS.ErrnoException) => {
      complain(name, text.unreadable({ code: code ?? 'unknown error' }));
      return null;
    });
  const [ca, cert, key] = [await read('ca.pem'), await read('cert.pem'), await read('key.pem')];
  if (ca !== null && cert !== null && key !== null) {
    const file = join(directory, 'key.pem');
    const mode = ((await stat(file)).mode & 0o777).toString(8).padStart(3, '0');
    if (!mode.endsWith('00')) complain('key.pem', text.openToOthers({ mode, file }));
    try {
      const { validToDate: end } = new X509Certificate(cert);
      if (now > end) complain('cert.pem', text.expired({ day: end.toISOString().slice(0, 10) }));
      createSecureContext({ ca, cert, key });
    } catch (error) {
      complain('cert.pem', text.unusable({ said: external((error as Error).message) }));
    }
    if (problems.length === 0) return { ca, cert, key };
  }
  throw misuse(words.cannotUse({ directory }), problems);
}
