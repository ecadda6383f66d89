/**
 * What is used of grpc-js and protobufjs. The build puts the libraries themselves into the place of this file:
 * `src/core/bundle/`.
 */
export {
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
export { default as protobuf } from 'protobufjs/light.js';
