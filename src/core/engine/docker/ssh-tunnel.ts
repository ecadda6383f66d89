import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { notices, type Reason, reasons } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { makeScratch, removeScratch } from '../scratch.ts';
import { type DaemonAddress, refuse, type SettingSource } from './address.ts';

/** A local socket that forwards to the daemon's on another host, until `close`. */
export interface Tunnel {
  readonly socketPath: string;
  close(): Promise<void>;
}

const readyLimitMs = 20_000;
const ready = 'ocibench: connected';

const words = notices('ssh', { unreachable: '{shown} cannot be reached by ssh' });

const text = reasons('ssh', {
  unknownHostKey: {
    message: 'the host is unknown here, or its key has changed',
    fix: 'compare its key and accept it once by hand:  ssh {target} true',
  },
  denied: {
    message: 'ssh cannot log in without asking a question',
    fix: 'load a key (ssh-add) or name it in ~/.ssh/config, until this works:  ssh -o BatchMode=yes {target} true',
  },
  unknownHost: { message: 'the host name cannot be resolved', fix: 'correct the address' },
  refused: { message: 'no ssh server listens there', fix: 'start sshd there, or correct the port' },
  noRoute: { message: 'the host does not answer', fix: 'check the network and the firewall' },
  noForwarding: {
    message: 'the ssh server forbids forwarding of sockets',
    fix: 'set AllowStreamLocalForwarding yes in its sshd_config',
  },
  silentEnd: { message: 'ssh ended without a message', fix: 'try by hand:  ssh {target} docker version' },
  otherEnd: { message: 'ssh says: {last}', fix: 'try by hand:  ssh {target} docker version' },
  noSsh: {
    message: 'ssh is not installed on this host',
    fix: 'install it:  apt-get install -y openssh-client',
  },
  cannotRun: { message: '{why}', fix: 'check that ssh can be run' },
  noSession: { message: 'no session within {seconds} s', fix: 'check the host' },
});

/** ssh's error text → reason. */
const complaints: readonly (readonly [RegExp, (values: { readonly target: string }) => Reason])[] = [
  [/Host key verification failed/, text.unknownHostKey],
  [/Permission denied/, text.denied],
  [/Could not resolve hostname/, () => text.unknownHost],
  [/Connection refused/, () => text.refused],
  [/timed out|No route to host/, () => text.noRoute],
  [
    /forwarding (is )?disabled|administratively prohibited|remote port forwarding failed/i,
    () => text.noForwarding,
  ],
];

/** The reason of ssh's failure; quotes the last line of its error where the reason is unknown. */
export function sshComplaint(stderr: string, target: string): Reason {
  const found = complaints.find(([pattern]) => pattern.test(stderr));
  if (found !== undefined) return found[1]({ target });
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return last === '' ? text.silentEnd({ target }) : text.otherEnd({ last: last.slice(0, 200), target });
}

/** ssh's arguments for the target, also shown to users. */
export function sshTarget({ host, port, user }: Extract<DaemonAddress, { kind: 'ssh' }>): readonly string[] {
  return [...(port === null ? [] : ['-p', String(port)]), ...(user === null ? [] : ['-l', user]), '--', host];
}

/**
 * Forwards the daemon's socket through OpenSSH's own client, so that ~/.ssh/config, agents and known_hosts apply.
 * (docker-modem's ssh accepts any host key and connects anew for every request, which would be measured.) The remote
 * side runs `cat` on a pipe of this process: when the process ends for any reason, the pipe closes and ssh ends.
 * OcibenchError (exit 3) that says what is missing.
 */
export async function openTunnel(
  address: Extract<DaemonAddress, { kind: 'ssh' }>,
  source: SettingSource,
): Promise<Tunnel> {
  const directory = await makeScratch(`ssh-${randomBytes(4).toString('hex')}`);
  const socketPath = join(directory, 'docker.sock');
  const target = sshTarget(address);
  const options = ['BatchMode=yes', 'ExitOnForwardFailure=yes', 'ConnectTimeout=10', 'ControlMaster=no'];
  const child = spawn(
    'ssh',
    [
      '-T',
      ...[...options, 'ControlPath=none', 'ServerAliveInterval=15'].flatMap((option) => ['-o', option]),
      '-L',
      `${socketPath}:${address.socket}`,
      ...target,
      `echo '${ready}'; exec cat`,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').catch(() => undefined);
  const close = async () => {
    child.stdin.end();
    child.kill();
    await Promise.race([ended, sleep(2_000, undefined, { ref: false })]);
    await removeScratch(directory);
  };
  const fail = (reason: Reason) =>
    refuse(words.unreachable({ shown: address.shown }), source, reason, { exitCode: exitCodes.noEngine });
  try {
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(fail(error.code === 'ENOENT' ? text.noSsh : text.cannotRun({ why: error.message }))),
      );
      child.once('close', () =>
        reject(fail(sshComplaint(stderr, target.filter((word) => word !== '--').join(' ')))),
      );
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(ready)) resolve();
      });
      setTimeout(() => reject(fail(text.noSession({ seconds: readyLimitMs / 1000 }))), readyLimitMs).unref();
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { socketPath, close };
}
