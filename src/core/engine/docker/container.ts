import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { notices } from '../../messages/define.ts';
import {
  type ApiStats,
  type Container,
  EngineError,
  type Inspection,
  type OutputSink,
  quiet,
} from '../engine.ts';
import { answerCutOff, guarded, toEngineError } from './errors.ts';

/** Time that dockerd gets to make a container after the connection of its request ended without an answer, ms. */
const lateMs = 1_500;
/** Interval of the checks for such a container, ms. */
const pollMs = 50;

/** Create requests in progress of a daemon. */
export interface CreateRequests {
  /** Requests a container. Rejects immediately when `signal` is aborted; a container that is created afterwards is removed. */
  create(options: Docker.ContainerCreateOptions, signal: AbortSignal): Promise<Docker.Container>;
  /** Resolves when no request for this name is in progress, or when `signal` is aborted. */
  settled(name: string, signal: AbortSignal): Promise<void>;
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  promise.catch(() => undefined);
  return promise;
}

/**
 * Tracks create requests. dockerd continues creating when the client disconnects (moby daemon/create.go), and until
 * then a removal by name finds nothing, so an aborted request would leave a container. Requests are therefore never
 * aborted: callers that give up stop waiting, and removals wait for the end.
 */
export function creations(docker: Docker): CreateRequests {
  const pending = new Map<string, Promise<void>>();

  /** Removes a container whose caller gave up; never rejects. */
  const remove = async (name: string): Promise<number | null> =>
    docker
      .getContainer(name)
      .remove({ force: true, v: true })
      .then(
        () => null,
        (error: unknown) => toEngineError(error).statusCode,
      );

  /** Resolves when a request without a caller, or without an answer, can no longer leave a container. */
  const clearUp = async (name: string, answer: Promise<unknown>, given: AbortSignal): Promise<void> => {
    try {
      await answer;
      if (given.aborted) await remove(name);
    } catch (error) {
      if (!toEngineError(error).connectionLost) return;
      for (const deadline = performance.now() + lateMs; performance.now() < deadline; await sleep(pollMs))
        if ((await remove(name)) !== 404) return;
    }
  };

  return {
    create(options, signal) {
      const { name = '' } = options;
      const answer = docker.createContainer(options).then((handle) => {
        if (typeof handle.id !== 'string') throw answerCutOff('id');
        return handle;
      });
      const ended = clearUp(name, answer, signal).finally(() => {
        if (pending.get(name) === ended) pending.delete(name);
      });
      pending.set(name, ended);
      return Promise.race([answer, aborted(signal)]);
    },
    settled: (name, signal) =>
      Promise.race([pending.get(name) ?? Promise.resolve(), aborted(signal)]).catch(() => undefined),
  };
}

/**
 * Makes a parser for the stream of a container without a TTY: frames of one byte stream type, three zero bytes, a
 * big-endian length and the payload (Docker Engine API, "Attach to a container"). The returned function takes chunks; a
 * frame may be split anywhere.
 */
export function frameReader(
  onPayload: (stream: 'stdout' | 'stderr', payload: Buffer) => void,
): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let stream: 'stdout' | 'stderr' = 'stdout';
  let remaining = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (remaining === 0) {
        const take = Math.min(8 - header.length, chunk.length - at);
        header = Buffer.concat([header, chunk.subarray(at, at + take)]);
        at += take;
        if (header.length < 8) return;
        stream = header[0] === 2 ? 'stderr' : 'stdout';
        remaining = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const payload = chunk.subarray(at, at + remaining);
      at += payload.length;
      remaining -= payload.length;
      onPayload(stream, payload);
    }
  };
}

const words = notices('engine', {
  oddWait: 'wait answered {answer}',
  noExitCode: 'the engine did not report the program’s exit code',
});

/** Opens a request whose callback comes with the response *header*, which shows that the daemon has accepted it. */
function openStream(
  docker: Docker,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        // docker-modem appends `_query` after the question mark, and removes a character where there is none.
        path: `${path}?`,
        method: 'POST',
        options: { _query: query, _body: {} },
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true, 101: true },
      },
      (error: unknown, stream: unknown) => {
        if (error) reject(toEngineError(error));
        else resolve(stream as NodeJS.ReadableStream);
      },
    );
  });
}

/** Passes a multiplexed stream to a sink; resolves when the daemon ends it, rejects when it is truncated. */
export function pour(stream: NodeJS.ReadableStream, sink: OutputSink): Promise<void> {
  let seen = false;
  const feed = frameReader((name, payload) => sink.onData(name, payload));
  stream.on('data', (chunk: Buffer) => {
    if (!seen) {
      seen = true;
      sink.onFirstByte();
    }
    feed(chunk);
  });
  return new Promise<void>((resolve, reject) => {
    let ended = false;
    stream.once('end', () => {
      ended = true;
      resolve();
    });
    // Every stream is closed after its end, while the container's end is awaited: an error would be made for nothing then.
    const cut = () => {
      if (!ended) reject(answerCutOff('output'));
    };
    for (const event of ['close', 'error']) stream.once(event, cut);
  });
}

/** Parses the answer to `wait`, which comes when the container ends; a truncated one is no JSON. */
function parsedAnswer(text: string): { readonly StatusCode?: unknown } {
  try {
    return JSON.parse(text);
  } catch {
    throw answerCutOff('end');
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Wraps a dockerode container; see {@link Container}. */
export function dockerContainer(docker: Docker, handle: Docker.Container): Container {
  return {
    id: handle.id,

    async attach(sink: OutputSink, signal) {
      const stream = await openStream(
        docker,
        `/containers/${handle.id}/attach`,
        { stream: '1', stdout: '1', stderr: '1' },
        signal,
      );
      return { closed: quiet(pour(stream, sink)) };
    },

    async waitForExit(signal) {
      const stream = await openStream(
        docker,
        `/containers/${handle.id}/wait`,
        { condition: 'next-exit' },
        signal,
      );
      const exited = buffer(stream).then(
        (bytes) => {
          const text = bytes.toString('utf8');
          const answer = parsedAnswer(text);
          const code = number(answer.StatusCode);
          if (code === null) throw new EngineError(words.oddWait({ answer: text.slice(0, 200) }), null);
          return code;
        },
        (error: unknown) => {
          throw toEngineError(error);
        },
      );
      return { exited: quiet(exited) };
    },

    start: (signal) => guarded(() => handle.start({ abortSignal: signal })),
    kill: (signal) => guarded(() => handle.kill({ signal: 'SIGKILL', abortSignal: signal })),
    stop: (graceSeconds, signal) => guarded(() => handle.stop({ t: graceSeconds, abortSignal: signal })),
    pause: (signal) => guarded(() => handle.pause({ abortSignal: signal })),
    unpause: (signal) => guarded(() => handle.unpause({ abortSignal: signal })),

    exec: (command, sink, signal) =>
      guarded(async () => {
        const exec = await handle.exec({
          Cmd: [...command],
          AttachStdout: true,
          AttachStderr: true,
          abortSignal: signal,
        });
        await pour(await exec.start({ abortSignal: signal }), sink);
        const code = number((await exec.inspect({ abortSignal: signal })).ExitCode);
        if (code === null) throw new EngineError(words.noExitCode, null);
        return code;
      }),

    async inspect(signal): Promise<Inspection> {
      const found = await guarded(() => handle.inspect({ abortSignal: signal }));
      const { OOMKilled: oomKilled } = found.State;
      const networks = Object.values(found.NetworkSettings.Networks ?? {});
      const address = networks.map((network) => network?.IPAddress).find((text) => text);
      return { oomKilled: typeof oomKilled === 'boolean' ? oomKilled : null, address: address ?? null };
    },

    remove: (signal) => guarded(() => handle.remove({ force: true, v: true, abortSignal: signal })),

    async stats(signal): Promise<ApiStats> {
      const options: { stream: false; 'one-shot': boolean } & { abortSignal: AbortSignal } = {
        stream: false,
        'one-shot': true,
        abortSignal: signal,
      };
      const all = (await guarded(() => handle.stats(options))) as {
        cpu_stats?: { cpu_usage?: { total_usage?: unknown } };
        memory_stats?: { usage?: unknown; max_usage?: unknown };
        pids_stats?: { current?: unknown };
      };
      return {
        cpuNs: number(all.cpu_stats?.cpu_usage?.total_usage),
        memoryPeakBytes: number(all.memory_stats?.max_usage),
        memoryBytes: number(all.memory_stats?.usage),
        pids: number(all.pids_stats?.current),
      };
    },
  };
}
