// TPKTs (RFC 1006, section 6) in a stream of octets, and the data TPDUs in them put together to TSDUs.
// Nothing is allocated by a length field ahead of the octets, but for the rest of one TPKT, whose length is
// at most 65,535.
import { foreignWords } from './foreign.ts'
import { giveBack, handedOver, putTogether } from './give-back.ts'
import { tcpLimits } from './limits.ts'

/** Who hears what the reader finds. Reading stops when `receiving` turns false. */
export interface FrameSink {
  readonly receiving: boolean
  /** Octets; a longer TSDU is not put together. */
  readonly maxTsduLength: number
  /** A whole TSDU, its octets the sink's to keep. */
  tsdu(octets: Uint8Array): void
  /**
   * A whole TPDU that is not a well-formed DT, or any TPDU before `connected`. Valid during the call only.
   */
  control(tpdu: Uint8Array): void
  /** The peer sent `what`, which cannot be. The reader is of no use any more. */
  garbled(what: string): void
}

/** TPKT header and DT header: also the shortest TPKT there is. */
export const HEADER_LENGTH = 7
/** Of which the TPKT's own. */
const TPKT_LENGTH = 4
/** Of which the DT's. */
export const DT_LENGTH = 3

const VERSION = 3
const DT = 0xf0
const DT_LENGTH_INDICATOR = 2
const EOT = 0x80

/** Room left behind the first TPDU of several: a payload of 64 KiB takes just more than one. */
const ROOM_AFTER_FIRST = 1024

/** Writes the headers of a DT with `length` octets of data to `octets` at `at`. */
export function writeHeader(octets: Uint8Array, at: number, length: number, last: boolean): void {
  const whole = length + HEADER_LENGTH
  octets[at] = VERSION
  octets[at + 1] = 0
  octets[at + 2] = whole >> 8
  octets[at + 3] = whole & 0xff
  octets[at + 4] = DT_LENGTH_INDICATOR
  octets[at + 5] = DT
  octets[at + 6] = last ? EOT : 0
}

/** A TPKT around a TPDU that is not data. */
export function tpkt(tpdu: Uint8Array): Uint8Array {
  const length = tpdu.length + TPKT_LENGTH
  const octets = new Uint8Array(length)
  octets[0] = VERSION
  octets[2] = length >> 8
  octets[3] = length & 0xff
  octets.set(tpdu, TPKT_LENGTH)
  return octets
}

/** Reads the octets of one TCP connection. While nothing is under way it holds no memory. */
export class TsduReader {
  /** DTs are data from now on. */
  connected = false
  readonly #sink: FrameSink
  readonly #maxTpktLength: number
  /** The header of a TPKT that lies across chunks, or the whole of one that holds no data. */
  #head: Uint8Array | undefined
  #headLength = 0
  /** The TSDU being put together. */
  #tsdu: Uint8Array | undefined
  #length = 0
  /** Octets of the current DT's data still to come, and whether it is the last of its TSDU. */
  #missing = 0
  #last = false
  #empty = 0
  /** The TSDU being put together is a single DT. */
  #single = false
  /**
   * Such a TSDU lies in the chunk being read, and may have been handed over there; otherwise all of the chunk
   * was copied. One chunk at a time: whoever hears of a TSDU cannot have another one read meanwhile.
   */
  #hasSingle = false

  constructor(sink: FrameSink, maxTpduSize: number) {
    this.#sink = sink
    this.#maxTpktLength = Math.max(maxTpduSize, tcpLimits.controlOctets) + TPKT_LENGTH
  }

  /** True inside a TPKT or a TSDU: an end here loses something. */
  get inside(): boolean {
    return this.#head !== undefined || this.#tsdu !== undefined
  }

  /**
   * Reads a chunk; returns what is left of it when the sink stopped receiving. The chunk is the reader's from
   * then on, unless it is `shared` with others who read it.
   */
  read(chunk: Uint8Array, shared = false): Uint8Array | undefined {
    this.#hasSingle = this.#single && this.#missing > 0
    let at = 0
    while (at < chunk.length) {
      if (!this.#sink.receiving) return chunk.subarray(at)
      if (this.#missing > 0) at = this.#fill(chunk, at)
      else if (this.#head !== undefined || chunk.length - at < HEADER_LENGTH) at = this.#gather(chunk, at)
      else at = this.#frame(chunk, at)
    }
    if (this.#hasSingle) handedOver(chunk.length)
    else if (!shared) giveBack(chunk)
    return undefined
  }

  /** A TPKT whose headers lie within the chunk. Returns where to go on. */
  #frame(chunk: Uint8Array, at: number): number {
    const length = ((chunk[at + 2] ?? 0) << 8) | (chunk[at + 3] ?? 0)
    if (chunk[at] !== VERSION || length < HEADER_LENGTH || length > this.#maxTpktLength) {
      return this.#notTpkt(chunk.subarray(at), chunk.length)
    }
    if (!this.#isData(chunk, at + TPKT_LENGTH)) return this.#gather(chunk, at)
    const last = ((chunk[at + 6] ?? 0) & EOT) !== 0
    const data = at + HEADER_LENGTH
    const size = length - HEADER_LENGTH
    if (
      !last ||
      size === 0 ||
      this.#length > 0 ||
      data + size > chunk.length ||
      size > this.#sink.maxTsduLength
    ) {
      return this.#begin(size, last) ? data : chunk.length
    }
    this.#empty = 0
    this.#hasSingle = true
    this.#sink.tsdu(new Uint8Array(chunk.buffer, chunk.byteOffset + data, size))
    return data + size
  }

  /** A TPKT whose headers do not lie within the chunk, or that holds no data: copied octet for octet. */
  #gather(chunk: Uint8Array, at: number): number {
    const head = (this.#head ??= new Uint8Array(HEADER_LENGTH))
    const end = Math.min(chunk.length, at + head.length - this.#headLength)
    head.set(chunk.subarray(at, end), this.#headLength)
    this.#headLength += end - at
    const length = ((head[2] ?? 0) << 8) | (head[3] ?? 0)
    const badLength =
      this.#headLength >= TPKT_LENGTH && (length < HEADER_LENGTH || length > this.#maxTpktLength)
    if (head[0] !== VERSION || badLength)
      return this.#notTpkt(head.subarray(0, this.#headLength), chunk.length)
    if (this.#headLength < head.length) return end
    if (this.#isData(head, TPKT_LENGTH)) {
      this.#head = undefined
      this.#headLength = 0
      const last = ((head[6] ?? 0) & EOT) !== 0
      return this.#begin(length - HEADER_LENGTH, last) ? end : chunk.length
    }
    return this.#gathered(head, length, end, chunk.length)
  }

  /**
   * All of `head` is there: either the headers of a TPKT without data, whose rest follows, or the whole of
   * it.
   */
  #gathered(head: Uint8Array, length: number, at: number, stop: number): number {
    if (head.length < length) {
      if (length > tcpLimits.controlOctets) {
        this.#sink.garbled(`a TPKT of ${length} octets that holds no data`)
        return stop
      }
      this.#head = new Uint8Array(length)
      this.#head.set(head)
      return at
    }
    this.#head = undefined
    this.#headLength = 0
    this.#sink.control(head.subarray(TPKT_LENGTH))
    return at
  }

  #isData(octets: Uint8Array, at: number): boolean {
    return this.connected && octets[at] === DT_LENGTH_INDICATOR && octets[at + 1] === DT
  }

  /** A DT begins. Returns false when it is one too many. */
  #begin(size: number, last: boolean): boolean {
    const length = this.#length + size
    this.#single = last && this.#length === 0
    if (this.#single) this.#hasSingle = true
    if (length > this.#sink.maxTsduLength) {
      const most = this.#sink.maxTsduLength
      this.#sink.garbled(`a TSDU of ${length} octets or more, ${most} are accepted`)
      return false
    }
    if (size > 0) {
      this.#empty = 0
      this.#reserve(length, last)
    } else if (++this.#empty > tcpLimits.emptyTpdus) {
      this.#sink.garbled(`${this.#empty} TPDUs without data`)
      return false
    }
    this.#missing = size
    this.#last = last
    if (size === 0 && last) this.#deliver()
    return true
  }

  /** Data of the current DT. */
  #fill(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.#missing)
    this.#tsdu?.set(chunk.subarray(at, end), this.#length)
    this.#length += end - at
    this.#missing -= end - at
    if (this.#missing === 0 && this.#last) this.#deliver()
    return end
  }

  /** An empty TSDU is none (ISO 8072): it is passed over, and counts among the empty TPDUs. */
  #deliver(): void {
    const tsdu = this.#tsdu
    const length = this.#length
    this.#tsdu = undefined
    this.#length = 0
    if (!this.#single) putTogether(length)
    if (tsdu !== undefined) this.#sink.tsdu(tsdu.length === length ? tsdu : tsdu.subarray(0, length))
  }

  /** Makes room for `length` octets in all: exactly, if no more can follow; otherwise growing by doubling. */
  #reserve(length: number, last: boolean): void {
    const old = this.#tsdu
    if (old !== undefined && old.length >= length) return
    const grown =
      old === undefined ? length + Math.min(length, ROOM_AFTER_FIRST) : Math.max(length, old.length * 2)
    const room = last ? length : Math.min(grown, Math.max(length, this.#sink.maxTsduLength))
    this.#tsdu = new Uint8Array(Buffer.allocUnsafeSlow(room).buffer)
    if (old === undefined) return
    this.#tsdu.set(old.subarray(0, this.#length))
    giveBack(old)
  }

  #notTpkt(octets: Uint8Array, stop: number): number {
    const length = ((octets[2] ?? 0) << 8) | (octets[3] ?? 0)
    const badLength = `a TPKT of length ${length}, ${HEADER_LENGTH} to ${this.#maxTpktLength} are accepted`
    this.#sink.garbled(octets[0] === VERSION ? badLength : foreignWords(octets))
    return stop
  }
}
