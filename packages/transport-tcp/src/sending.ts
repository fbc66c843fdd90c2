// When TSDUs leave, and what of them is copied.
import type { Socket } from 'node:net'
import { HEADER_LENGTH, writeHeader } from './framing.ts'
import { tcpLimits } from './limits.ts'
import { packSegments, writeSegments } from './segments.ts'

/** Writes the TSDUs of one connection to its socket. */
export class Sender {
  readonly #socket: Socket
  /** The socket is about to be read again, before anything else happens. */
  #readAgain = false
  /** What was sent leaves only at the end of the turn, unless something comes before. */
  #waits = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /**
   * Sends the parts of one TSDU as DTs of at most `dataLength` octets of data; nothing, if it is empty. What
   * is sent in one tick leaves in one system call. While a full socket is read piece by piece, large answers
   * wait for each other too, up to `gatheredOctets`, for a system call costs more than it takes to make one;
   * a small one that is to leave `now` does so at once, so that the other side works on it while this one
   * goes on. Returns false when the socket will emit `drain`.
   */
  send(tsdu: readonly Uint8Array[], dataLength: number, now = false): boolean {
    const socket = this.#socket
    let length = 0
    for (const part of tsdu) length += part.length
    if (length === 0) return !socket.writableNeedDrain
    const isSmall = length <= dataLength && length <= tcpLimits.copiedOctets
    if (socket.writableCorked > 0) this.#hurry()
    else if (!now || !isSmall) this.#gather(isSmall)
    if (isSmall) socket.write(copied(tsdu, length))
    else this.#sendLarge(tsdu, length, dataLength)
    return !socket.writableNeedDrain
  }

  /**
   * So many octets have been read. Node reads a socket again at once when it has filled its buffer, and
   * otherwise turns to others first, for whom nothing here is to wait.
   */
  hasRead(octets: number): void {
    this.#readAgain = octets >= READ_OCTETS
  }

  /** For the callback at the end of the turn: at the latest now. */
  turnOver(): void {
    this.#readAgain = this.#waits = false
    this.#socket.uncork()
  }

  #gather(isSmall: boolean): void {
    this.#socket.cork()
    this.#waits = !isSmall && this.#readAgain
    if (this.#waits) setImmediate(turnOver, this)
    else process.nextTick(uncork, this.#socket)
  }

  /** What waits has waited for the answer that comes now, if that is the last of them. */
  #hurry(): void {
    if (!this.#waits || this.#readAgain) return
    this.#waits = false
    process.nextTick(uncork, this.#socket)
  }

  #sendLarge(tsdu: readonly Uint8Array[], length: number, dataLength: number): void {
    const socket = this.#socket
    if (dataLength <= LARGEST_PACKED) packSegments(socket, tsdu, length, dataLength)
    else writeSegments(tsdu, length, dataLength, (octets) => void socket.write(octets))
    // More at once would leave the other side with nothing to do meanwhile.
    if (!this.#waits || socket.writableLength < tcpLimits.gatheredOctets) return
    this.#waits = false
    socket.uncork()
  }
}

/** Octets that Node reads from a socket at most. */
const READ_OCTETS = 64 * 1024
/** Data of DTs this small is copied together rather than written by reference. */
const LARGEST_PACKED = tcpLimits.blockOctets / 8

function turnOver(sender: Sender): void {
  sender.turnOver()
}

function uncork(socket: Socket): void {
  socket.uncork()
}

function copied(tsdu: readonly Uint8Array[], length: number): Uint8Array {
  const octets = Buffer.allocUnsafe(HEADER_LENGTH + length)
  writeHeader(octets, 0, length, true)
  let at = HEADER_LENGTH
  for (const part of tsdu) {
    octets.set(part, at)
    at += part.length
  }
  return octets
}
