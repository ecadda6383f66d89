/** The used parts of grpc-js and protobufjs. The build replaces this file by the libraries themselves: `src/core/bundle/`. */
export {
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
export { default as protobuf } from 'protobufjs/light.js';
