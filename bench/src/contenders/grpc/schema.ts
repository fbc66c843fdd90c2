// The service in protobuf, loaded the usual way, and the few types that the loader cannot give.
import { fileURLToPath } from 'node:url'
import { type ServiceClientConstructor, loadPackageDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

export interface Octets {
  octets: Uint8Array
}

export interface Count {
  value: number
}

const file = fileURLToPath(new URL('../../../proto/bench.proto', import.meta.url))
const definition = loadPackageDefinition(loadSync(file, { defaults: true })) as unknown as {
  bench: { v1: { Bench: ServiceClientConstructor } }
}

/** The client class made from the .proto file; its `service` is what a server implements. */
export const Bench: ServiceClientConstructor = definition.bench.v1.Bench
