// A large TSDU cut into DTs: its parts by reference where DTs are large, copied into blocks where they are
// small.
import type { Socket } from 'node:net'
import { HEADER_LENGTH, writeHeader } from './framing.ts'
import { tcpLimits } from './limits.ts'

/** Hands headers and slices of the parts to `write`, in order. */
export function writeSegments(
  tsdu: readonly Uint8Array[],
  length: number,
  dataLength: number,
  write: (octets: Uint8Array) => void,
): void {
  const pieces = new Pieces(write)
  let left = length
  let room = 0
  for (const part of tsdu) {
    let at = 0
    while (at < part.length) {
      if (room === 0) {
        room = Math.min(left, dataLength)
        pieces.header(room, room === left)
      }
      const end = Math.min(part.length, at + room)
      pieces.add(at === 0 && end === part.length ? part : part.subarray(at, end))
      room -= end - at
      left -= end - at
      at = end
    }
  }
  pieces.flush()
}

/** Copies small pieces that follow each other into one: a buffer more costs a write more than its octets. */
class Pieces {
  readonly #write: (octets: Uint8Array) => void
  #copies: Uint8Array = NOTHING
  /** What is copied and not yet written lies from here to there. */
  #from = 0
  #end = 0

  constructor(write: (octets: Uint8Array) => void) {
    this.#write = write
  }

  header(length: number, last: boolean): void {
    this.#reserve(HEADER_LENGTH)
    writeHeader(this.#copies, this.#end, length, last)
    this.#end += HEADER_LENGTH
  }

  add(octets: Uint8Array): void {
    if (octets.length > LARGEST_PIECE) {
      this.flush()
      this.#write(octets)
      return
    }
    this.#reserve(octets.length)
    this.#copies.set(octets, this.#end)
    this.#end += octets.length
  }

  flush(): void {
    if (this.#from < this.#end) this.#write(this.#copies.subarray(this.#from, this.#end))
    this.#from = this.#end
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#copies.length) return
    this.flush()
    this.#copies = Buffer.allocUnsafe(2 * LARGEST_PIECE)
    this.#from = this.#end = 0
  }
}

/** Octets of a piece that is copied at most. */
const LARGEST_PIECE = 128
const NOTHING = new Uint8Array(0)

/** The same, copied into blocks, since a write of its own for each small TPDU would cost more. */
export function packSegments(
  socket: Socket,
  tsdu: readonly Uint8Array[],
  length: number,
  dataLength: number,
): void {
  let left = length + Math.ceil(length / dataLength) * HEADER_LENGTH
  let block = Buffer.allocUnsafe(Math.min(left, tcpLimits.blockOctets))
  let filled = 0
  writeSegments(tsdu, length, dataLength, (octets) => {
    let at = 0
    while (at < octets.length) {
      const end = Math.min(octets.length, at + block.length - filled)
      block.set(octets.subarray(at, end), filled)
      filled += end - at
      left -= end - at
      at = end
      if (filled < block.length) continue
      socket.write(block)
      block = Buffer.allocUnsafe(Math.min(left, tcpLimits.blockOctets))
      filled = 0
    }
  })
}
