import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { treeBytes } from '../../files/tree-size.ts';
import type { Checkpoint, Container } from '../engine.ts';
import { quiet } from '../engine.ts';
import { pour } from './container.ts';
import { toEngineError } from './errors.ts';

/** Name of the only checkpoint of a container. */
const checkpointName = 'ocibench';

/** A request by POST; resolves with the answer, or with the open connection where it is asked for. */
function post(docker: Docker, path: string, signal: AbortSignal, more: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path,
        method: 'POST',
        abortSignal: signal,
        statusCodes: { 101: true, 200: true, 201: true, 204: true },
        ...more,
      },
      (error: unknown, answer: unknown) => {
        if (error) reject(toEngineError(error));
        else resolve(answer);
      },
    );
  });
}

/**
 * A container with a standard input that can be stored (`docker checkpoint`, an experimental feature). `dataRoot`: directory of a
 * dockerd on this host, whose files can be measured; null: elsewhere. See {@link Container}.
 */
export function restorable(docker: Docker, base: Container, dataRoot: string | null): Container {
  const path = `/containers/${base.id}`;
  let input: Duplex | null = null;
  const container: Container = {
    ...base,

    async attach(sink, signal) {
      const stream = (await post(docker, `${path}/attach?`, signal, {
        options: { _query: { stream: '1', stdin: '1', stdout: '1', stderr: '1' }, _body: {} },
        hijack: true,
        isStream: true,
      })) as Duplex;
      input = stream;
      const drop = () => stream.destroy();
      signal.addEventListener('abort', drop, { once: true });
      return { closed: quiet(pour(stream, sink).finally(() => signal.removeEventListener('abort', drop))) };
    },

    write: (text) => void input?.write(text),

    async checkpoint(signal): Promise<Checkpoint> {
      const body = { CheckpointID: checkpointName, Exit: true };
      await post(docker, `${path}/checkpoints?`, signal, { options: { _query: {}, _body: body } });
      const files =
        dataRoot === null ? null : join(dataRoot, 'containers', base.id, 'checkpoints', checkpointName);
      return {
        bytes: async () => (files === null ? null : treeBytes(files)),
        create: async () => ({
          ...container,
          start: async (limit) => {
            const options = { _query: { checkpoint: checkpointName }, _body: {} };
            await post(docker, `${path}/start?`, limit, { options });
          },
        }),
      };
    },
  };
  return container;
}
