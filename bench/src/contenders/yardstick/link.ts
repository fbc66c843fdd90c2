// One socket of the yardstick: 4-byte length prefix, msgpack, one write per tick. This is the upper limit
// that the others are measured against, so it does as little as these three things allow, and nothing a
// session would add.
import type { Socket } from 'node:net'
import { Decoder, Encoder } from '@msgpack/msgpack'

/** `[id, kind, value]`: the one message form of the yardstick. */
export type Message = [id: number, kind: number, value: unknown]

/** What a message is. Requests go to the server, the rest both ways or back. */
export const kinds = { echo: 0, serverStream: 1, clientStream: 2, item: 3, end: 4, reply: 5 } as const

const batchSize = 64 * 1024
/**
 * A binary at least this long is handed to the socket where it lies, behind a msgpack head written by hand.
 */
const borrowedFrom = 8 * 1024
const prefixSize = 4
const binaryHeadSize = 12

// Neither keeps anything between calls, so all sockets of the process share one of each, and the free batches
// too.
const encoder = new Encoder({ initialBufferSize: batchSize })
const decoder = new Decoder()
const freeBatches: Buffer[] = []

export class Link {
  readonly socket: Socket
  readonly #receive: (message: Message) => void
  #batch: Buffer | undefined
  #length = 0
  #scheduled = false
  /** A frame that does not come in one piece: room for all of it, and how much of it is there. */
  #frame: Buffer | undefined
  #have = 0
  /** A length prefix that does not come in one piece. */
  #prefix: Buffer | undefined

  constructor(socket: Socket, receive: (message: Message) => void) {
    this.socket = socket
    this.#receive = receive
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Adds a message to this tick's batch. */
  send(message: Message): void {
    const value = message[2]
    if (value instanceof Uint8Array && value.length >= borrowedFrom) {
      this.#sendBorrowed(message[0], message[1], value)
    } else {
      const octets = encoder.encodeSharedRef(message)
      const size = octets.length
      const batch = this.#room(prefixSize + size)
      const at = this.#length
      batch.writeUInt32BE(size, at)
      batch.set(octets, at + prefixSize)
      this.#length = at + prefixSize + size
    }
    this.#schedule()
  }

  /** Writes the batch now and says whether the socket wants more; if not, its `drain` event will. */
  flush(): boolean {
    const batch = this.#batch
    if (batch) {
      this.#batch = undefined
      this.socket.write(batch.subarray(0, this.#length), () => release(batch))
    }
    return !this.socket.writableNeedDrain
  }

  /** More than half a batch waits: time for a producer to flush, and to stop if the socket wants no more. */
  get isHalfFull(): boolean {
    return this.#batch !== undefined && this.#length >= batchSize / 2
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(flushTick, this)
  }

  /** For the tick's callback only. */
  flushTick(): void {
    this.#scheduled = false
    this.flush()
    if (this.socket.writableCorked > 0) this.socket.uncork()
  }

  #room(size: number): Buffer {
    if (this.#batch && this.#length + size > this.#batch.length) this.flush()
    if (!this.#batch) {
      const free = size > batchSize ? undefined : freeBatches.pop()
      this.#batch = free ?? Buffer.allocUnsafeSlow(Math.max(size, batchSize))
      this.#length = 0
    }
    return this.#batch
  }

  #sendBorrowed(id: number, kind: number, octets: Uint8Array): void {
    const batch = this.#room(prefixSize + binaryHeadSize)
    const at = this.#length
    batch.writeUInt32BE(binaryHeadSize + octets.length, at)
    batch[at + 4] = 0x93 // an array of three: uint 32, a small int, bin 32
    batch[at + 5] = 0xce
    batch.writeUInt32BE(id, at + 6)
    batch[at + 10] = kind
    batch[at + 11] = 0xc6
    batch.writeUInt32BE(octets.length, at + 12)
    this.#length = at + prefixSize + binaryHeadSize
    if (this.socket.writableCorked === 0) this.socket.cork()
    this.flush()
    this.socket.write(octets)
  }

  #read(chunk: Buffer): void {
    let octets = chunk
    let at = 0
    if (this.#frame) {
      at = this.#fill(this.#frame, chunk)
    } else if (this.#prefix) {
      octets = Buffer.concat([this.#prefix, chunk])
      this.#prefix = undefined
    }
    const end = octets.length
    while (end - at >= prefixSize) {
      const start = at + prefixSize
      const next = start + octets.readUInt32BE(at)
      if (next > end) return this.#keep(octets, start, next - start)
      this.#receive(decoder.decode(octets.subarray(start, next)) as Message)
      at = next
    }
    if (at < end) this.#prefix = octets.subarray(at)
  }

  #keep(octets: Buffer, start: number, size: number): void {
    this.#frame = Buffer.allocUnsafeSlow(size)
    this.#have = octets.copy(this.#frame, 0, start)
  }

  /** Adds what the chunk has of the frame, and returns where the next frame starts in the chunk. */
  #fill(frame: Buffer, chunk: Buffer): number {
    const copied = chunk.copy(frame, this.#have)
    this.#have += copied
    if (this.#have === frame.length) {
      this.#frame = undefined
      this.#receive(decoder.decode(frame) as Message)
    }
    return copied
  }
}

function flushTick(link: Link): void {
  link.flushTick()
}

function release(batch: Buffer): void {
  if (batch.length === batchSize) freeBatches.push(batch)
}
