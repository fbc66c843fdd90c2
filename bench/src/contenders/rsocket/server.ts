// The RSocket server: request-response echoes, request-stream sends items, request-channel adds them up.
import { once } from 'node:events'
import { type Server, createServer } from 'node:net'
import { type Payload, type RSocket, RSocketServer } from 'rsocket-core'
import { TcpServerTransport } from 'rsocket-tcp-server'
import type { RunningServer } from '../../contender.ts'
import { credit, decode, encode, octetsOf } from './codec.ts'
import { ItemSender, ItemSum } from './items.ts'

export async function serve(): Promise<RunningServer> {
  // The transport does not tell the port it got, so the server is made here.
  const listener: Server = createServer({ noDelay: true })
  const transport = new TcpServerTransport({
    listenOptions: { host: '127.0.0.1', port: 0 },
    socketCreator: () => listener,
  })
  await new RSocketServer({ transport, acceptor: { accept: async () => responder } }).bind()
  const bound = listener.address()
  if (bound === null || typeof bound === 'string') throw new Error('the RSocket server has no port')
  return {
    address: { host: '127.0.0.1', port: bound.port },
    close: async () => {
      // The library's own listener would close what is closed, and complain about it.
      listener.removeAllListeners('close')
      listener.close()
      await once(listener, 'close')
    },
  }
}

const responder: Partial<RSocket> = {
  requestResponse(payload, answer) {
    answer.onNext(payload.metadata ? { data: octetsOf(payload) } : encode(decode(payload)), true)
    return { cancel: nothing, onExtension: nothing }
  },

  requestStream(payload, initial, answer) {
    const sender = new ItemSender(0, decode(payload) as number, answer)
    // The stream may only speak once this function has returned.
    queueMicrotask(() => sender.request(initial))
    return {
      request: (n) => sender.request(n),
      cancel: () => void (sender.cancelled = true),
      onExtension: nothing,
    }
  },

  requestChannel(first, _initial, isComplete, answer) {
    const items = new ItemSum()
    const more = (n: number): void => answer.request(n)
    const receive = (payload: Payload, last: boolean): void => {
      items.add(payload, more)
      if (last) answer.onNext(encode(items.sum), true)
    }
    queueMicrotask(() => more(credit))
    receive(first, isComplete)
    return {
      onNext: receive,
      onComplete: () => answer.onNext(encode(items.sum), true),
      onError: nothing,
      onExtension: nothing,
      request: nothing,
      cancel: nothing,
    }
  },
}

function nothing(): void {}
