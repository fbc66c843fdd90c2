// Turns SSDUs of msgpack into messages. Nothing is decoded before the whole SSDU has
// been walked over and found sound.
import { Decoder } from '@msgpack/msgpack'
import { rpcLimits } from '../limits.ts'
import { MalformedError, type Codec } from './codec.ts'
import { reasonOf } from './explain-refusal.ts'
import { PlainDecoder } from './plain-decoder.ts'
import type { Skim } from './skim.ts'
import { Undecodable, type ValueType } from './types.ts'
import { revivers } from './values.ts'
import { CopyingOctets, HOLDS_AT_MOST } from './values-binary.ts'
import { APPLICATION_TAGS } from './values-tags.ts'

type Visit = Parameters<Codec['decode']>[1]

/** Decodes SSDUs, one at a time: what is called while it decodes must use another. */
export class MessageDecoder {
  readonly #types: ReadonlyMap<number, ValueType>
  readonly #skim: Skim
  readonly #plain = new PlainDecoder()
  readonly #extensionCodec = {
    tryToEncode: (): null => null,
    decode: (octets: Uint8Array, tag: number): unknown => this.#revive(octets, tag),
  }
  readonly #decoder = new Decoder({ extensionCodec: this.#extensionCodec })
  /**
   * For the payloads of extensions, by how many extensions are around them. The walk has bounded that number.
   */
  readonly #inner: Decoder[] = []
  #level = 0
  #copies = false
  #problem: string | undefined

  /** `types`: by tag. */
  constructor(types: ReadonlyMap<number, ValueType>, skim: Skim) {
    this.#types = types
    this.#skim = skim
  }

  /** As {@link Codec.decode} says. */
  decode(ssdu: Uint8Array, visit: Visit): void {
    const { length } = ssdu
    if (length === 0) return
    const skim = this.#skim
    skim.shortestBinary = Infinity
    this.#level = 0
    const end = skim.message(ssdu, 0)
    if (end === length) this.#one(ssdu, visit)
    else this.#many(ssdu, end, visit)
  }

  #one(ssdu: Uint8Array, visit: Visit): void {
    this.#problem = undefined
    const message = this.#short(ssdu, 0, ssdu.length) ?? this.#long(ssdu)
    visit(message, ssdu.length, this.#problem)
  }

  #many(ssdu: Uint8Array, firstEnd: number, visit: Visit): void {
    const ends = [firstEnd]
    for (let end = firstEnd; end < ssdu.length; ends.push(end)) {
      if (ends.length === rpcLimits.messagesPerSsdu) throw tooMany(end)
      end = this.#skim.message(ssdu, end)
    }
    let start = 0
    let plain = 0
    for (const end of ends) {
      const message = this.#short(ssdu, start, end)
      if (message === undefined) break
      visit(message, end - start, undefined)
      start = end
      plain += 1
    }
    if (plain < ends.length) this.#rest(ssdu, start, ends.slice(plain), visit)
  }

  /** From the first message on that is not plain. */
  #rest(ssdu: Uint8Array, from: number, ends: readonly number[], visit: Visit): void {
    // One pass of the library over all of them takes less time than a call for each.
    const messages = this.#decoder.decodeMulti(this.#prepare(from === 0 ? ssdu : ssdu.subarray(from)))
    try {
      let start = from
      for (const end of ends) {
        const message = this.#next(messages)
        visit(message, end - start, this.#problem)
        start = end
      }
    } finally {
      messages.return()
    }
  }

  /** The message, when it is small and plain. */
  #short(ssdu: Uint8Array, start: number, end: number): unknown[] | undefined {
    if (end - start > rpcLimits.plainOctets) return undefined
    return this.#plain.message(ssdu, start)
  }

  #long(ssdu: Uint8Array): unknown[] {
    try {
      // The walk has seen that every message is an array.
      return this.#decoder.decode(this.#prepare(ssdu)) as unknown[]
    } catch (thrown) {
      throw asMalformed(thrown)
    }
  }

  #next(messages: Generator<unknown, void>): unknown[] {
    this.#problem = undefined
    try {
      return messages.next().value as unknown[]
    } catch (thrown) {
      throw asMalformed(thrown)
    }
  }

  /** The octets in the form from which the library takes binary values as this codec wants them. */
  #prepare(ssdu: Uint8Array): Uint8Array {
    this.#copies = this.#skim.shortestBinary * HOLDS_AT_MOST < ssdu.buffer.byteLength
    if (this.#copies) return new CopyingOctets(ssdu.buffer, ssdu.byteOffset, ssdu.length)
    // Of a Node Buffer the library would make Buffers.
    if (Object.getPrototypeOf(ssdu) === octetsPrototype) return ssdu
    return new Uint8Array(ssdu.buffer, ssdu.byteOffset, ssdu.length)
  }

  /** Called by the library for every extension. */
  #revive(octets: Uint8Array, tag: number): unknown {
    const reviver = revivers.get(tag)
    if (reviver !== undefined) return reviver(octets, this.#unnest)
    if (tag < 0 || tag >= APPLICATION_TAGS)
      return this.#undecodable(tag, `an extension of the unknown type ${tag}`)
    const type = this.#types.get(tag)
    if (type === undefined) {
      return this.#undecodable(tag, `a value of type ${tag}, which is not among the value types of this side`)
    }
    const carried = this.#unnest(octets)
    try {
      return type.decode(carried as never)
    } catch (thrown) {
      return this.#undecodable(tag, `a value that the value type "${type.name}" refused: ${reasonOf(thrown)}`)
    }
  }

  readonly #unnest = (octets: Uint8Array): unknown => {
    const level = this.#level
    const decoder = (this.#inner[level] ??= new Decoder({ extensionCodec: this.#extensionCodec }))
    this.#level = level + 1
    const source = this.#copies ? new CopyingOctets(octets.buffer, octets.byteOffset, octets.length) : octets
    const value = decoder.decode(source)
    this.#level = level
    return value
  }

  #undecodable(tag: number, problem: string): Undecodable {
    this.#problem ??= problem
    return new Undecodable(tag, problem)
  }
}

const octetsPrototype = Uint8Array.prototype

function tooMany(at: number): MalformedError {
  return new MalformedError(`more than ${rpcLimits.messagesPerSsdu} messages in one SSDU`, at)
}

function asMalformed(thrown: unknown): MalformedError {
  return thrown instanceof MalformedError
    ? thrown
    : new MalformedError(`values that cannot be made (${reasonOf(thrown)})`)
}
