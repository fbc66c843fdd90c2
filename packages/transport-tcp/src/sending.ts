// When TSDUs leave: the small ones of a tick in one buffer, large ones with what else the turn has to send.
import type { Socket } from 'node:net'
import { HEADER_LENGTH, writeHeader } from './framing.ts'
import { tcpLimits } from './limits.ts'
import { packSegments, writeSegments } from './segments.ts'

/** Writes the TSDUs of one connection to its socket. Holds no memory between ticks. */
export class Sender {
  readonly #socket: Socket
  /** The small TSDUs of this tick, one behind the other from `#from` on. */
  #slab: Slab | undefined = undefined
  #from = 0
  #scheduled = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /**
   * Sends the parts of one TSDU as DTs of at most `dataLength` octets of data; nothing, if it is empty. Small
   * ones are copied and leave together when the tick is over; one that is to leave `now` does so at once, so
   * that the other side works on it while this one goes on. A large one waits for what else this turn of the
   * event loop has to send, up to `gatheredOctets`: the socket is mostly read several times in a turn, and a
   * system call for each answer costs more than one for two. Returns false when the socket will emit `drain`.
   */
  send(tsdu: readonly Uint8Array[], dataLength: number, now = false): boolean {
    let length = 0
    for (const part of tsdu) length += part.length
    if (length > dataLength || length > tcpLimits.copiedOctets) this.#sendLarge(tsdu, length, dataLength)
    else if (length > 0) this.#sendSmall(tsdu, length, now)
    return !this.#socket.writableNeedDrain
  }

  /** What has gathered goes to the socket: what is written to that next comes behind it. */
  flush(): void {
    const slab = this.#slab
    if (slab === undefined) return
    this.#slab = undefined
    this.#socket.write(slab.octets.subarray(this.#from, slab.end))
    giveBack(slab)
  }

  /** For the tick's callback. */
  tickOver(): void {
    this.#scheduled = false
    this.flush()
  }

  #sendSmall(tsdu: readonly Uint8Array[], length: number, now: boolean): void {
    const { octets, end } = this.#reserve(HEADER_LENGTH + length)
    let at = end - length
    writeHeader(octets, at - HEADER_LENGTH, length, true)
    for (const part of tsdu) {
      octets.set(part, at)
      at += part.length
    }
    if (now) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      process.nextTick(tickOver, this)
    }
  }

  #sendLarge(tsdu: readonly Uint8Array[], length: number, dataLength: number): void {
    const socket = this.#socket
    if (socket.writableCorked === 0) {
      socket.cork()
      setImmediate(uncork, socket)
    }
    this.flush()
    if (dataLength <= LARGEST_PACKED) packSegments(socket, tsdu, length, dataLength)
    else writeSegments(tsdu, length, dataLength, (octets) => void socket.write(octets))
    // More at once would leave the other side with nothing to do meanwhile.
    if (socket.writableLength >= tcpLimits.gatheredOctets) socket.uncork()
  }

  /** Puts the end of the slab behind so many octets more. */
  #reserve(length: number): Slab {
    if (this.#slab !== undefined && this.#slab.end + length > tcpLimits.blockOctets) this.flush()
    let slab = this.#slab
    if (slab === undefined) {
      slab = takeSlab(length)
      this.#slab = slab
      this.#from = slab.end
    }
    slab.end += length
    return slab
  }
}

/** Data of DTs this small is copied together rather than written by reference. */
const LARGEST_PACKED = tcpLimits.blockOctets / 8

function tickOver(sender: Sender): void {
  sender.tickOver()
}

function uncork(socket: Socket): void {
  socket.uncork()
}

/** A stretch of memory that ticks fill one after another; no octet of it is written twice. */
interface Slab {
  readonly octets: Buffer
  end: number
}

/** Of that many connections the small TSDUs of one tick need no new slab each. */
const MOST_SPARE = 16
const spare: Slab[] = []

function takeSlab(length: number): Slab {
  const slab = spare.pop()
  const fits = slab !== undefined && slab.end + length <= tcpLimits.blockOctets
  return fits ? slab : { octets: Buffer.allocUnsafeSlow(tcpLimits.blockOctets), end: 0 }
}

function giveBack(slab: Slab): void {
  if (spare.length < MOST_SPARE) spare.push(slab)
}
