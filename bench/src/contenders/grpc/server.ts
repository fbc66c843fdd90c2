// The gRPC server: default options, backpressure by the return value of `write`.
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js'
import { type RunningServer, type Small, small } from '../../contender.ts'
import { Bench, type Count, type Octets } from './schema.ts'

export async function serve(): Promise<RunningServer> {
  const server = new Server()
  server.addService(Bench.service, { unary: echo, binary: echo, serverStream, clientStream })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return { address: { host: '127.0.0.1', port }, close: async () => server.forceShutdown() }
}

function echo<T extends Small | Octets>(call: ServerUnaryCall<T, T>, answer: sendUnaryData<T>): void {
  answer(null, call.request)
}

function serverStream(call: ServerWritableStream<Count, Small>): void {
  const count = call.request.value
  let next = 0
  const more = (): void => {
    while (next < count) {
      if (!call.write(small(next++))) {
        call.once('drain', more)
        return
      }
    }
    call.end()
  }
  more()
}

function clientStream(call: ServerReadableStream<Small, Count>, answer: sendUnaryData<Count>): void {
  let sum = 0
  call.on('data', (item: Small) => (sum += item.id))
  call.on('end', () => answer(null, { value: sum }))
}
