// How messages and notes on a session connection of their own become octets and back: data PPDUs of the
// session's codec.
import type { Codec } from './codec.ts'
import { MalformedError } from './codec.ts'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import type { Message } from './messages.ts'
import { DATA_HEADER_LENGTH, dataContent, decodeControl, encodeControl, writeDataHeader } from './ppdu.ts'
import { errorFromWire, errorToWire } from './wire-error.ts'

/** Encodes and decodes for one dialogue, or one activity. */
export class Words {
  readonly #codec: Codec
  readonly #maxLength: number

  /** `maxLength` is the longest message that the other side takes, in octets. */
  constructor(codec: Codec, maxLength: number) {
    this.#codec = codec
    this.#maxLength = maxLength
  }

  /** An SSDU of one message. Throws the codec's ValueError, or an RpcError RESOURCE_EXHAUSTED. */
  encode(message: Message): Uint8Array {
    return this.#frame(message, this.#maxLength)
  }

  /** What speaks against an SSDU of that length, as {@link encode} would throw it. */
  lengthProblem(ssduLength: number): RpcError | undefined {
    const length = ssduLength - DATA_HEADER_LENGTH
    return length > this.#maxLength ? tooLong(length, this.#maxLength) : undefined
  }

  /** One value, to be kept. Throws the codec's ValueError. */
  value(value: unknown): Uint8Array {
    return this.#codec.encode([value]).slice()
  }

  /** What {@link value} was given. */
  readValue(octets: Uint8Array): unknown {
    const found: unknown[] = []
    this.#codec.decode(octets, ([value]) => found.push(value))
    return found[0]
  }

  /** The user data of a session service. Throws like {@link encode}. */
  note(fields: readonly unknown[]): Uint8Array {
    return this.#frame(fields, rpcLimits.dialogueNoteOctets)
  }

  /** The user data of a resynchronize: what it is for. */
  resynchronizeNote(purpose: string): Uint8Array {
    return encodeControl('resynchronize', this.#codec.encode([purpose]))
  }

  /** What {@link resynchronizeNote} was given; undefined for anything else. */
  readResynchronizeNote(userData: Uint8Array | undefined): unknown {
    return this.#control('resynchronize', userData)?.[0]
  }

  /** The one message in an SSDU, or what is wrong with it. */
  decode(ssdu: Uint8Array): Message | string {
    const content = dataContent(ssdu)
    if (content === undefined) return 'an SSDU that is no data PPDU (X.226)'
    const messages: Message[] = []
    let wrong: string | undefined
    try {
      this.#codec.decode(content, (message, _length, problem) => {
        messages.push(message)
        wrong ??= problem
      })
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown
      return thrown.message
    }
    const [message] = messages
    return wrong ?? (messages.length === 1 && message !== undefined ? message : 'not one message in an SSDU')
  }

  /** What {@link note} was given; undefined for anything else. */
  read(userData: Uint8Array | undefined): readonly unknown[] | undefined {
    const fields = userData === undefined ? undefined : this.decode(userData)
    return typeof fields === 'string' ? undefined : fields
  }

  /** A note that is one text; of a long one the beginning. */
  text(userData: Uint8Array | undefined): string | undefined {
    const [text] = this.read(userData) ?? []
    return typeof text === 'string' ? text.slice(0, rpcLimits.reasonLength) : undefined
  }

  /** An error as the user data of an abort. */
  farewell(error: RpcError): Uint8Array {
    const { code, message, outcome, details } = error
    const told = new RpcError(code, message, { outcome, details })
    return encodeControl('abort', this.#codec.encode(errorToWire(told)))
  }

  /** The error in the user data of an abort; undefined when there is none. */
  readFarewell(userData: Uint8Array | undefined): RpcError | undefined {
    const fields = this.#control('abort', userData)
    return fields === undefined ? undefined : errorFromWire(fields)
  }

  #control(ppdu: 'abort' | 'resynchronize', userData: Uint8Array | undefined): Message | undefined {
    const content = userData === undefined ? undefined : decodeControl(ppdu, userData)
    if (content === undefined) return undefined
    const found: { fields?: Message } = {}
    try {
      this.#codec.decode(content, (fields) => (found.fields = fields))
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown
    }
    return found.fields
  }

  #frame(fields: readonly unknown[], maxLength: number): Uint8Array {
    const content = this.#codec.encode(fields)
    const { length } = content
    if (length > maxLength) throw tooLong(length, maxLength)
    const octets = new Uint8Array(DATA_HEADER_LENGTH + length)
    writeDataHeader(octets, 0, length)
    octets.set(content, DATA_HEADER_LENGTH)
    return octets
  }
}

function tooLong(length: number, maxLength: number): RpcError {
  const text = `${length} octets to say, the other side takes ${maxLength}`
  return new RpcError('RESOURCE_EXHAUSTED', text, { outcome: 'not-started' })
}
