import type { Bundle } from './bundle.ts';
import { bundleCommonJs } from './common-js.ts';

/** Bundles grpc-js and protobufjs. grpc-js loads proto-loader only to describe itself to other programs. */
export function bundleGrpc(): Promise<Bundle> {
  return bundleCommonJs('src/engine/containerd/grpc.ts', ['@grpc/proto-loader']);
}
