import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { DockerConnection } from './docker-engine.ts';

/** Where a daemon listens and how to reach it. */
export interface Endpoint {
  readonly url: string;
  readonly connection: DockerConnection;
  /** `DOCKER_HOST`, `context NAME` or `default socket`. */
  readonly origin: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The Docker CLI keeps its contexts under the sha256 of their name (docker/cli, `context/store`). */
async function contextHost(configDir: string, name: string): Promise<string> {
  const file = join(
    configDir,
    'contexts',
    'meta',
    createHash('sha256').update(name).digest('hex'),
    'meta.json',
  );
  try {
    const meta = JSON.parse(await readFile(file, 'utf8')) as { Endpoints?: { docker?: { Host?: string } } };
    const host = meta.Endpoints?.docker?.Host;
    if (host) return host;
  } catch (cause) {
    throw new OcibenchError(`Docker context '${name}' cannot be read from ${file}`, {
      exitCode: exitCodes.noEngine,
      cause,
    });
  }
  throw new OcibenchError(`Docker context '${name}' (${file}) names no docker host`, {
    exitCode: exitCodes.noEngine,
  });
}

async function currentContext(configDir: string): Promise<string | null> {
  try {
    const config = JSON.parse(await readFile(join(configDir, 'config.json'), 'utf8')) as {
      currentContext?: string;
    };
    return config.currentContext && config.currentContext !== 'default' ? config.currentContext : null;
  } catch {
    return null;
  }
}

async function tlsMaterial(directory: string): Promise<DockerConnection> {
  const read = async (name: string) => {
    try {
      return await readFile(join(directory, name));
    } catch (cause) {
      throw new OcibenchError(`DOCKER_CERT_PATH: ${join(directory, name)} cannot be read`, {
        exitCode: exitCodes.noEngine,
        cause,
      });
    }
  };
  return { ca: await read('ca.pem'), cert: await read('cert.pem'), key: await read('key.pem') };
}

async function connectionFor(url: string, environment: Environment): Promise<DockerConnection> {
  if (url.startsWith('unix://')) return { socketPath: url.slice('unix://'.length) };
  const parsed = URL.parse(url);
  if (parsed === null || !['tcp:', 'https:', 'ssh:'].includes(parsed.protocol))
    throw new OcibenchError(
      `'${url}' is not a Docker endpoint; use unix:///path, tcp://host:2376 or ssh://user@host`,
      {
        exitCode: exitCodes.misuse,
      },
    );
  if (parsed.protocol === 'ssh:') {
    const base = { protocol: 'ssh' as const, host: parsed.hostname, port: parsed.port || 22 };
    return parsed.username === '' ? base : { ...base, username: decodeURIComponent(parsed.username) };
  }
  const directory = environment.DOCKER_CERT_PATH ?? '';
  if (!environment.DOCKER_TLS_VERIFY || directory === '')
    throw new OcibenchError(
      `${url} is not protected: whoever reaches this port is root on that host. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use ssh://`,
      { exitCode: exitCodes.misuse },
    );
  const tls = await tlsMaterial(directory);
  return { protocol: 'https', host: parsed.hostname, port: parsed.port || 2376, ...tls };
}

/** Finds the daemon as the Docker CLI does: DOCKER_HOST, else the current context, else the default socket. */
export async function findEndpoint(environment: Environment = process.env): Promise<Endpoint> {
  const configDir = environment.DOCKER_CONFIG ?? join(homedir(), '.docker');
  const context = environment.DOCKER_CONTEXT ?? (await currentContext(configDir));
  const [url, origin] = environment.DOCKER_HOST
    ? [environment.DOCKER_HOST, 'DOCKER_HOST']
    : context && context !== 'default'
      ? [await contextHost(configDir, context), `context ${context}`]
      : ['unix:///var/run/docker.sock', 'default socket'];
  return { url, origin, connection: await connectionFor(url, environment) };
}
