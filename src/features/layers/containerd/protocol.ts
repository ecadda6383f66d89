import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { protobuf } from './grpc.ts';

/**
 * containerd's messages and services, made from its own files in `scripts/protos/` (containerd 1.7.24 and containerd/cgroups 3.0.3, as
 * Debian packages them) by `scripts/containerd-api.ts`.
 */
const file = fileURLToPath(new URL('api.json', import.meta.url));

/** A `google.protobuf.Any` with protobufjs's names of its fields. */
export interface ProtobufAny {
  readonly type_url: string;
  readonly value: Uint8Array;
}

/** Answers as plain objects: integers as numbers, enumerations by name, and every field present. */
const plain = { longs: Number, enums: String, defaults: true } as const;

/** A method of a service: its HTTP path, and the encoding of its messages. */
export interface RpcMethod {
  readonly path: string;
  encode(request: object): Buffer;
  decode(bytes: Buffer): unknown;
}

/** Loads the messages of containerd's API. Field names are in camel case. */
export function containerdProtocol() {
  const root = protobuf.Root.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
  const encode = (type: protobuf.Type, value: object) =>
    Buffer.from(type.encode(type.fromObject(value)).finish());
  const decode = (type: protobuf.Type, bytes: Uint8Array) => type.toObject(type.decode(bytes), plain);
  return {
    /** Looks up a method, for example `('tasks', 'Create')`. Throws where there is none. */
    method(service: ContainerdService, name: string): RpcMethod {
      const found = root.lookupService(services[service]);
      const method = found.methods[name];
      if (method === undefined) throw new Error(`${found.fullName} has no ${name}`);
      method.resolve();
      const { resolvedRequestType: request, resolvedResponseType: answer } = method;
      if (request === null || answer === null) throw new Error(`${method.fullName} has unknown messages`);
      return {
        path: `/${services[service]}/${name}`,
        encode: (value) => encode(request, value),
        decode: (bytes) => decode(answer, bytes),
      };
    },
    /** Wraps a message for use in another one. containerd uses the type's name as its URL. */
    any: (type: string, value: object): ProtobufAny => ({
      type_url: type,
      value: encode(root.lookupType(type), value),
    }),
    /** The inverse of `any`. Throws where the type is unknown. */
    unpack: ({ type_url: url, value }: ProtobufAny): Record<string, unknown> =>
      decode(root.lookupType(url.slice(url.lastIndexOf('/') + 1)), value),
  };
}

/** The used services: short name → full name. */
const services = {
  containers: 'containerd.services.containers.v1.Containers',
  content: 'containerd.services.content.v1.Content',
  diff: 'containerd.services.diff.v1.Diff',
  events: 'containerd.services.events.v1.Events',
  images: 'containerd.services.images.v1.Images',
  leases: 'containerd.services.leases.v1.Leases',
  namespaces: 'containerd.services.namespaces.v1.Namespaces',
  snapshots: 'containerd.services.snapshots.v1.Snapshots',
  tasks: 'containerd.services.tasks.v1.Tasks',
  version: 'containerd.services.version.v1.Version',
} as const;
export type ContainerdService = keyof typeof services;

const specTypes = 'types.containerd.io/opencontainers/runtime-spec/1';

/** A part of an OCI specification in containerd's form: JSON in an Any. */
export function specAny(part: 'Spec' | 'Process', value: object): ProtobufAny {
  return { type_url: `${specTypes}/${part}`, value: Buffer.from(JSON.stringify(value)) };
}
