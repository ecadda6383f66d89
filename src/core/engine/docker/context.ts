import { access, constants, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJsonText } from '../../config/json-text.ts';
import { runProgram } from '../../host/programs.ts';
import { external } from '../../messages/compose.ts';
import { messages, notices, type Reason, reasons } from '../../messages/define.ts';
import { type ProblemPlace, refusal } from '../../model/failure/error.ts';
import { maskUrls } from '../../model/mask-url.ts';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Flags that choose a daemon. */
export interface DaemonFlags {
  readonly context?: string;
  /** Is `tcp://` without TLS allowed? */
  readonly insecureTcp?: boolean;
}

/** The chosen daemon. */
export interface ChosenDaemon {
  readonly url: string;
  /** `DOCKER_HOST`, `context NAME` or `default socket`. */
  readonly origin: string;
  /** Origin of the address, for errors. */
  readonly source: ProblemPlace;
  /** The directory of ca.pem, cert.pem and key.pem; null where they are not to verify the daemon. */
  readonly tls: string | null;
}

/** A parsed daemon address. `shown` is safe to print: it contains no password. */
export type DaemonAddress = { readonly shown: string } & (
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number | null }
  /** `target`: as ssh takes it. `socket`: the daemon's on the other host. */
  | { readonly kind: 'ssh'; readonly target: string; readonly socket: string }
);

const notice = notices('context', { unusable: '{what} cannot be used' });

const words = {
  ...messages('context', { commandLine: 'command line' }),
  ...messages('daemon', { defaultSocket: 'default socket' }),
};

const text = reasons('context', {
  noDocker: {
    message: 'only the docker command can read its contexts, and it cannot be run here',
    fix: 'apt-get install docker-cli, or name the daemon by DOCKER_HOST',
  },
  refused: { message: 'docker says: {said}', fix: 'list the contexts:  docker context ls' },
  notJson: { message: 'cannot be read, or is not JSON', fix: 'check:  python3 -m json.tool {file}' },
  address: {
    message: 'is not an address of a Docker daemon',
    fix: 'use unix:///path, tcp://host:2376 or ssh://user@host',
  },
  credentials: {
    message: 'contains a user or a password that cannot be used there',
    fix: 'remove them: a client certificate (DOCKER_CERT_PATH) or a key of ssh decides who may connect',
  },
});

const inspectedSchema = z.tuple([
  z.object({
    Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
    TLSMaterial: z.object({ docker: z.array(z.string()).optional() }),
    Storage: z.object({ TLSPath: z.string() }),
  }),
]);

/** Asks the Docker CLI for a context. */
async function inspectContext(
  configDir: string,
  name: string,
  chosenBy: ProblemPlace,
): Promise<ChosenDaemon> {
  const refuse = (reason: Reason) => refusal(notice.unusable({ what: `context ${name}` }), chosenBy, reason);
  const { exitCode, stdout, stderr } = await runProgram('docker', ['context', 'inspect', '--', name], {
    env: { DOCKER_CONFIG: configDir },
  });
  if (exitCode === null) throw refuse(text.noDocker);
  const parsed = parseJsonText(stdout, 'docker context inspect');
  const inspected = inspectedSchema.safeParse(parsed.ok ? parsed.value : null).data?.[0];
  const said = external(maskUrls(stderr.trim().split('\n').at(-1) ?? '').slice(0, 300));
  if (inspected === undefined) throw refuse(text.refused({ said }));
  const { Host: url, SkipTLSVerify: skipsVerify = false } = inspected.Endpoints.docker;
  const hasTls = (inspected.TLSMaterial.docker ?? []).length > 0 && !skipsVerify;
  return {
    url,
    origin: `context ${name}`,
    source: { file: `context ${name}`, key: 'Host' },
    tls: hasTls ? join(inspected.Storage.TLSPath, 'docker') : null,
  };
}

/** `currentContext` of config.json. No error quotes the file: it may contain credentials of registries. */
export async function currentContext(configDir: string): Promise<string | null> {
  const file = join(configDir, 'config.json');
  try {
    const config = JSON.parse(await readFile(file, 'utf8')) as { currentContext?: unknown } | null;
    return typeof config?.currentContext === 'string' ? config.currentContext || null : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw refusal(notice.unusable({ what: file }), { file, key: '' }, text.notJson({ file }));
  }
}

const defaultSocket = '/var/run/docker.sock';

/** The first existing socket: the system's, or that of this user's rootless daemon. */
async function localSocket(environment: EnvironmentVariables): Promise<string> {
  const runtimeDir = environment.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`;
  const usable = (path: string) =>
    access(path, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    );
  const rootless = join(runtimeDir, 'docker.sock');
  return !(await usable(defaultSocket)) && (await usable(rootless)) ? rootless : defaultSocket;
}

/** The context that is asked for, and what asks for it. */
async function chosenContext(
  flags: DaemonFlags,
  environment: EnvironmentVariables,
  configDir: string,
): Promise<readonly [name: string, chosenBy: ProblemPlace] | null> {
  if (flags.context) return [flags.context, { file: words.commandLine, key: '--set context' }];
  if (environment.DOCKER_HOST) return null;
  const { DOCKER_CONTEXT: variable } = environment;
  if (variable) return [variable, { file: 'environment', key: 'DOCKER_CONTEXT' }];
  const current = await currentContext(configDir);
  return current === null ? null : [current, { file: join(configDir, 'config.json'), key: 'currentContext' }];
}

/**
 * Chooses a daemon as the Docker CLI does: `--set context` over DOCKER_HOST over DOCKER_CONTEXT over the current context of
 * config.json over the default socket, and then the socket of a rootless daemon. The context `default` is DOCKER_HOST
 * or the socket. Only other contexts need the Docker CLI. OcibenchError (exit 2) where the chosen one does not exist.
 */
export async function chooseDaemon(
  flags: DaemonFlags,
  environment: EnvironmentVariables,
): Promise<ChosenDaemon> {
  const configDir = environment.DOCKER_CONFIG || join(homedir(), '.docker');
  const context = await chosenContext(flags, environment, configDir);
  if (context !== null && context[0] !== 'default') return inspectContext(configDir, ...context);
  if (environment.DOCKER_HOST)
    return {
      url: environment.DOCKER_HOST,
      origin: 'DOCKER_HOST',
      source: { file: 'environment', key: 'DOCKER_HOST' },
      tls: environment.DOCKER_TLS_VERIFY ? environment.DOCKER_CERT_PATH || configDir : null,
    };
  return {
    url: `unix://${await localSocket(environment)}`,
    origin: 'default socket',
    source: { file: words.defaultSocket, key: '' },
    tls: null,
  };
}

/**
 * Parses `unix://`, `tcp://` (or no scheme, as Docker accepts) and `ssh://`. OcibenchError (exit 2) that quotes the text
 * without user and password.
 */
export function parseAddress(given: string, source: ProblemPlace): DaemonAddress {
  const full = given.includes('://') ? given : `tcp://${given}`;
  const shown = maskUrls(full);
  if (full.startsWith('unix:///')) return { kind: 'unix', path: full.slice('unix://'.length), shown };
  const refuse = (reason: Reason) => refusal(notice.unusable({ what: shown }), source, reason);
  const url = URL.parse(full);
  const isSsh = url?.protocol === 'ssh:';
  if (url === null || !(isSsh || url.protocol === 'tcp:')) throw refuse(text.address);
  const { hostname, username: user, pathname, search, hash } = url;
  if (url.password !== '' || (user !== '' && !isSsh)) throw refuse(text.credentials);
  // ssh would take a host or a user that begins with `-` for an option.
  const isOdd = hostname === '' || hostname.startsWith('-') || user.startsWith('-') || search + hash !== '';
  const path = pathname.length > 1 ? pathname : null;
  if (isOdd || (path !== null && !isSsh)) throw refuse(text.address);
  if (isSsh) {
    const target = `ssh://${user === '' ? '' : `${user}@`}${url.host}`;
    return { kind: 'ssh', target, socket: path ?? defaultSocket, shown };
  }
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { kind: 'tcp', host, port: url.port === '' ? null : Number(url.port), shown };
}
