import { toEngineError } from './errors.ts';
import { Client, credentials, Metadata } from './grpc.ts';
import { type ContainerdService, containerdProtocol, type ProtobufAny } from './protocol.ts';

/** The namespace of calls to a private containerd. */
const ownNamespace = 'ocibench';

interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** The lease that protects the created objects from garbage collection. */
  readonly lease?: string;
  /** Replaces the client's namespace. Containers, snapshots and leases of one namespace are invisible in another. */
  readonly namespace?: string;
}

/** An open stream of messages in both directions. */
interface Exchange {
  write(request: object): void;
  /** The next answer. Rejects with EngineError where the stream ends instead. */
  next(): Promise<unknown>;
  end(): void;
}

/** A connection to containerd, in one namespace. Every call rejects with EngineError. */
export interface ContainerdClient {
  call<Answer>(
    service: ContainerdService,
    name: string,
    request: object,
    options?: CallOptions,
  ): Promise<Answer>;
  /** A call whose answer is a stream; `ended` resolves when the stream ends for any reason. */
  follow(
    service: ContainerdService,
    name: string,
    request: object,
    onMessage: (message: unknown) => void,
  ): { readonly ended: Promise<void>; close(): void };
  exchange(service: ContainerdService, name: string, options?: CallOptions): Exchange;
  any(type: string, value: object): ProtobufAny;
  unpack(value: ProtobufAny): Record<string, unknown>;
  close(): void;
}

function cancelOnAbort(signal: AbortSignal | undefined, call: { cancel(): void }): () => void {
  const cancel = () => call.cancel();
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return () => signal?.removeEventListener('abort', cancel);
}

/** Connects to a socket at the first call, and again when the connection was lost. */
export function containerdClient(socketPath: string, namespace = ownNamespace): ContainerdClient {
  const metadataOf = ({ lease, namespace: other = namespace }: CallOptions = {}): Metadata => {
    const metadata = new Metadata();
    metadata.set('containerd-namespace', other);
    if (lease !== undefined) metadata.set('containerd-lease', lease);
    return metadata;
  };
  const { method, any, unpack } = containerdProtocol();
  const client = new Client(`unix://${socketPath}`, credentials.createInsecure(), {
    // A Unix socket has no service configuration in DNS.
    'grpc.service_config_disable_resolution': 1,
    // containerd takes half a second to start; by default grpc-js retries only once a second.
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 250,
    // No limit: the content of images is transferred this way (containers' output is not).
    'grpc.max_receive_message_length': -1,
  });
  return {
    any,
    unpack,
    close: () => client.close(),

    call<Answer>(service: ContainerdService, name: string, request: object, options: CallOptions = {}) {
      const { path, encode, decode } = method(service, name);
      return new Promise<Answer>((resolve, reject) => {
        let settled = () => {};
        const call = client.makeUnaryRequest(
          path,
          encode,
          decode,
          request,
          metadataOf(options),
          {},
          (error, answer) => {
            settled();
            if (error === null) resolve(answer as Answer);
            else reject(toEngineError(error));
          },
        );
        settled = cancelOnAbort(options.signal, call);
      });
    },

    follow(service, name, request, onMessage) {
      const { path, encode, decode } = method(service, name);
      const stream = client.makeServerStreamRequest(path, encode, decode, request, metadataOf());
      stream.on('data', onMessage);
      const ended = new Promise<void>((resolve) => {
        stream.once('end', resolve);
        stream.on('error', () => resolve());
      });
      return { ended, close: () => stream.cancel() };
    },

    exchange(service, name, options = {}) {
      const { path, encode, decode } = method(service, name);
      const stream = client.makeBidiStreamRequest(path, encode, decode, metadataOf(options));
      const settled = cancelOnAbort(options.signal, stream);
      stream.once('close', settled);
      const answers = stream[Symbol.asyncIterator]();
      return {
        write: (request) => stream.write(request),
        async next() {
          try {
            const { value, done } = await answers.next();
            if (done) throw new Error(`${path} ended`);
            return value;
          } catch (error) {
            throw toEngineError(error);
          }
        },
        end: () => stream.end(),
      };
    },
  };
}

/** Does containerd answer within `limitMs`? */
export function answers(client: ContainerdClient, limitMs: number): Promise<boolean> {
  return client.call('version', 'Version', {}, { signal: AbortSignal.timeout(limitMs) }).then(
    () => true,
    () => false,
  );
}
