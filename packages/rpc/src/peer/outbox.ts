// What waits to leave in this tick. Messages are encoded at once, behind one another, and go out as one SSDU
// for values and one for control when the tick's work is done, or earlier when much has gathered.
import { RpcError, type Outcome } from '../errors.ts'
import type { Codec, Splice } from '../presentation/codec.ts'
import { defer } from '../platform/platform.ts'
import { rpcLimits } from '../limits.ts'
import { DATA_HEADER_LENGTH, writeDataHeader } from '../presentation/ppdu.ts'

/** The part of a session connection through which SSDUs leave. */
export interface OutboxTarget {
  send(parts: readonly Uint8Array[]): boolean
  sendTyped(parts: readonly Uint8Array[]): boolean
}

/** Gathers the messages of one tick and sends them together. */
export class Outbox {
  /** Told after each flush, before anything else can be written. */
  listener: { flushed(): void } | undefined
  #target: OutboxTarget
  readonly #codec: Codec
  readonly #values = new Batch()
  /** Made for the first control message. */
  #control: Batch | undefined
  #scheduled = false
  #closed = false
  #held = false

  constructor(target: OutboxTarget, codec: Codec) {
    this.#target = target
    this.#codec = codec
  }

  /**
   * Adds a message that carries values and returns its length in octets. Throws the codec's ValueError, or an
   * RpcError RESOURCE_EXHAUSTED when the message is longer than `maxLength`; then nothing was added.
   */
  values(message: readonly unknown[], maxLength: number): number {
    if (this.#closed) return 0
    const octets = this.encode(message, maxLength)
    this.#values.append(octets)
    this.#added(this.#values.length)
    return octets.length
  }

  /**
   * The same, but large binary values are not copied: they must not change until the message has left. For
   * arguments and results, whose owners wait; not for the items of streams, whose sources go on at once.
   */
  borrowedValues(message: readonly unknown[], maxLength: number): void {
    if (this.#closed) return
    // Encoding may run code of the application's that makes a call itself; that one must not use this list.
    const splices = spareSplices ?? []
    spareSplices = undefined
    const octets = this.#codec.encode(message, splices)
    if (splices.length > 0) this.#spliced(octets, splices, maxLength)
    else {
      spareSplices = splices
      if (octets.length > maxLength) throw tooLong(octets.length, maxLength)
      this.#values.append(octets)
    }
    this.#added(this.#values.length)
  }

  #spliced(octets: Uint8Array, splices: readonly Splice[], maxLength: number): void {
    const length = splices.reduce(
      (sum, { from, to, octets: value }) => sum + from - to + value.length,
      octets.length,
    )
    if (length > maxLength) throw tooLong(length, maxLength)
    let at = 0
    for (const splice of splices) {
      this.#values.append(octets.subarray(at, splice.from))
      this.#values.borrow(splice.octets)
      at = splice.to
    }
    if (at < octets.length) this.#values.append(octets.subarray(at))
  }

  /** The octets of a message, valid until the next message is encoded. Throws like {@link values}. */
  encode(message: readonly unknown[], maxLength: number): Uint8Array {
    const octets = this.#codec.encode(message)
    if (octets.length > maxLength) throw tooLong(octets.length, maxLength)
    return octets
  }

  /** Adds a message that was encoded before. */
  encoded(octets: Uint8Array): void {
    if (this.#closed) return
    this.#values.append(octets)
    this.#added(this.#values.length)
  }

  /** Adds a message for the control flow. */
  control(message: readonly unknown[]): void {
    if (this.#closed) return
    const control = (this.#control ??= new Batch())
    control.append(this.#codec.encode(message))
    this.#added(control.length)
  }

  /**
   * Sends what has gathered. Values go first, so that a control message never overtakes the call it is about.
   */
  flush(): void {
    if (this.#closed || this.#held) return
    if (this.#values.length > 0) this.#target.send(this.#values.take())
    if (this.#control !== undefined && this.#control.length > 0) this.#target.sendTyped(this.#control.take())
    this.listener?.flushed()
  }

  /** From now on all goes there; what has gathered is dropped. */
  retarget(target: OutboxTarget): void {
    this.#target = target
    this.#held = false
    this.#values.take()
    this.#control?.take()
  }

  /** Gathers, and sends nothing until {@link resume}. */
  hold(): void {
    this.#held = true
  }

  /** Sends what has gathered, and goes on. */
  resume(): void {
    this.#held = false
    this.flush()
  }

  /** Drops what has gathered; nothing is sent any more. */
  close(): void {
    this.#closed = true
    this.#values.take()
    this.#control?.take()
  }

  #added(length: number): void {
    if (length >= rpcLimits.batchLength) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      defer(this.#onTick)
    }
  }

  readonly #onTick = (): void => {
    this.#scheduled = false
    this.flush()
  }
}

/**
 * Octets gathered one behind the other. Small pieces are copied into a shared slab, large ones stand alone.
 */
class Batch {
  length = 0
  #parts = NO_PARTS
  #slab: Slab | undefined
  #start = 0
  /** Where the header of the SSDU goes, once it is known how long it is. */
  #headerSlab: Slab | undefined
  #headerAt = 0

  append(octets: Uint8Array): void {
    const { length } = octets
    if (this.length === 0) this.#begin()
    this.length += length
    if (length > LARGE) {
      this.#seal()
      this.#add(octets.slice())
      return
    }
    let slab = this.#slab
    if (slab === undefined || slab.end + length > SLAB_LENGTH) slab = this.#nextSlab()
    slab.bytes.set(octets, slab.end)
    slab.end += length
  }

  /** Adds octets as they lie. They must not be the batch's first. */
  borrow(octets: Uint8Array): void {
    this.length += octets.length
    this.#seal()
    this.#add(octets)
  }

  take(): readonly Uint8Array[] {
    if (this.#headerSlab !== undefined) writeDataHeader(this.#headerSlab.bytes, this.#headerAt, this.length)
    this.#headerSlab = undefined
    this.#seal()
    const slab = this.#slab
    if (slab !== undefined) {
      if (SLAB_LENGTH - slab.end > LARGE && spareSlabs.length < MAX_SPARE_SLABS) spareSlabs.push(slab)
      this.#slab = undefined
    }
    const parts = this.#parts
    this.#parts = NO_PARTS
    this.length = 0
    return parts
  }

  /** Most batches have one part: a list of one, for a list that grows by itself begins with room for many. */
  #add(part: Uint8Array): void {
    if (this.#parts === NO_PARTS) this.#parts = [part]
    else this.#parts.push(part)
  }

  #begin(): void {
    const slab = this.#nextSlab()
    this.#headerSlab = slab
    this.#headerAt = slab.end
    slab.end += DATA_HEADER_LENGTH
  }

  #nextSlab(): Slab {
    this.#seal()
    const slab = this.#slab === undefined ? (spareSlabs.pop() ?? newSlab()) : newSlab()
    this.#slab = slab
    this.#start = slab.end
    return slab
  }

  #seal(): void {
    const slab = this.#slab
    if (slab === undefined || slab.end === this.#start) return
    this.#add(slab.bytes.subarray(this.#start, slab.end))
    this.#start = slab.end
  }
}

/** The parts of an empty batch. Nothing is put on it. */
const NO_PARTS: Uint8Array[] = []
/** A list for the splices of a message; undefined while in use. */
let spareSplices: Splice[] | undefined

/** A stretch of memory that batches fill one after another; no octet of it is written twice. */
interface Slab {
  readonly bytes: Uint8Array
  end: number
}

const SLAB_LENGTH = 64 * 1024
/** Above this a copy of its own is cheaper than the slab room it would take. */
const LARGE = 8 * 1024
/** Batches of that many sessions may be open in one tick without a new slab each. */
const MAX_SPARE_SLABS = 16
const spareSlabs: Slab[] = []

/** The error of a message that is longer than the peer takes. */
export function tooLong(length: number, maxLength: number, outcome: Outcome = 'not-started'): RpcError {
  const text = `a message of ${length} octets, this session carries ${maxLength} (limits.messageLength)`
  return new RpcError('RESOURCE_EXHAUSTED', text, { outcome })
}

function newSlab(): Slab {
  return { bytes: new Uint8Array(SLAB_LENGTH), end: 0 }
}
