// What both sides say in the user data of CONNECT and ACCEPT: protocol version,
// codec, limits and credentials.
import { systemRandom, type Unit } from '@parley/core'
import { RpcError } from '../errors.ts'
import { ownOptions } from '../own-options.ts'
import { rpcLimits, type SessionLimits } from '../limits.ts'
import { MalformedError, type Codec } from '../presentation/codec.ts'
import { msgpack } from '../presentation/msgpack.ts'
import { errorFromWire, errorToWire } from '../presentation/wire-error.ts'

/** The version of the RPC protocol spoken here. */
const RPC_VERSION = 1

/** One side's greeting. */
export interface Hello {
  readonly codec: string
  /** The longest RPC message this side takes, in octets. */
  readonly maxMessageLength: number
  /** The credit every stream toward this side starts with, in octets. */
  readonly window: number
  /** How many calls this side runs at once for the peer. */
  readonly maxConcurrentCalls: number
  readonly credentials: unknown
  readonly extras: HelloExtras
}

/** What not every greeting has. */
export interface HelloExtras {
  /**
   * From the acceptor: what names the session to dialogues and activities that belong to it, a secret of the
   * two sides. From an initiator: the session that one belongs to.
   */
  readonly reference?: Uint8Array | undefined
  /** From an initiator: names its calls at whichever server they are recorded; a secret of the two sides. */
  readonly lineage?: Uint8Array | undefined
  /** From an initiator: its calls may be recorded already, at a server that it has lost. */
  readonly returning?: boolean | undefined
  /** From the acceptor: the outcomes of calls are recorded, so it wants to know which can be forgotten. */
  readonly durable?: boolean | undefined
}

/** What holds for a session after both greetings. */
export interface Agreed {
  /** The longest message the peer takes from us. */
  readonly peerMaxMessageLength: number
  readonly peerMaxConcurrentCalls: number
  /** Credit that our streams toward the peer start with. */
  readonly peerWindow: number
  /** Credit that the peer's streams toward us start with. */
  readonly window: number
  /** The peer records the outcomes of our calls. */
  readonly peerIsDurable: boolean
}

/** The codec of greetings, and of sessions for which no other was chosen. */
export function greetingCodec(): Codec {
  return (shared ??= msgpack())
}

let shared: Codec | undefined

/** The greeting of this side. It is always msgpack: the codec in use is named inside. */
export function encodeHello(
  codec: Codec,
  limits: SessionLimits,
  name: string,
  extras: HelloExtras = {},
  credentials?: unknown,
): Uint8Array {
  const { messageLength, streamWindow, concurrentCalls } = limits
  const hello: unknown[] = ['parley', RPC_VERSION, name, messageLength, streamWindow, concurrentCalls]
  // What is left out costs nothing: of undefined, which msgpack has no form for, nothing is said.
  hello.push(given(extras))
  if (credentials !== undefined) hello.push(credentials)
  return codec.encode(hello).slice()
}

/** The greetings of an acceptor, each with a reference of its own: the rest is encoded once. */
export class Welcomes {
  readonly #octets: Uint8Array
  readonly #referenceAt: number

  constructor(codec: Codec, limits: SessionLimits, name: string, durable: boolean) {
    const reference = newSecret()
    this.#octets = encodeHello(codec, limits, name, { reference, durable })
    this.#referenceAt = this.#octets.findIndex((_, at) =>
      reference.every((octet, i) => octet === this.#octets[at + i]),
    )
  }

  with(reference: Uint8Array): Uint8Array {
    const octets = this.#octets.slice()
    octets.set(reference, this.#referenceAt)
    return octets
  }
}

/** Reads the peer's greeting. Throws an RpcError FAILED_PRECONDITION that says what does not fit. */
export function decodeHello(codec: Codec, userData: Uint8Array | undefined, expectedCodec: string): Hello {
  const fields = decodeOne(codec, userData)
  const [magic, version, name, maxMessageLength, window, maxConcurrentCalls, more, credentials] = fields ?? []
  if (magic !== 'parley') throw mismatch('the peer speaks the session protocol, but not Parley RPC')
  if (version !== RPC_VERSION)
    throw mismatch(`the peer speaks Parley RPC ${String(version)}, this side ${RPC_VERSION}`)
  if (name !== expectedCodec) throw mismatch(`the peer uses another codec than "${expectedCodec}"`)
  if (!positive(maxMessageLength) || !positive(window) || !positive(maxConcurrentCalls)) {
    throw mismatch('the greeting of the peer is damaged')
  }
  const extras = readExtras(more)
  if (extras === undefined) throw mismatch('the greeting of the peer is damaged')
  return { codec: expectedCodec, maxMessageLength, window, maxConcurrentCalls, credentials, extras }
}

function given(extras: HelloExtras): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined))
}

/** Known fields with values that they can have; undefined when one has another. */
function readExtras(value: unknown): HelloExtras | undefined {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null) return undefined
  const { reference, lineage, returning, durable } = ownOptions(value as Record<string, unknown>)
  if (!isSecret(reference) || !isSecret(lineage)) return undefined
  return { reference, lineage, returning: returning === true, durable: durable === true }
}

function isSecret(value: unknown): value is Uint8Array | undefined {
  return value === undefined || (value instanceof Uint8Array && value.length === SECRET_LENGTH)
}

/** Throws an RpcError FAILED_PRECONDITION when the session lacks a functional unit that is needed. */
export function assertUnits(units: readonly Unit[], needed: readonly Unit[]): void {
  const missing = needed.filter((unit) => !units.includes(unit))
  if (missing.length > 0) throw mismatch(`Parley RPC needs the functional units ${missing.join(', ')} too`)
}

/** The functional units of the session that a dialogue is. */
export const dialogueUnits: readonly Unit[] = [
  'half-duplex',
  'typed-data',
  'minor-sync',
  'major-sync',
  'resynchronize',
  'activities',
  'exceptions',
  'negotiated-release',
]

/** The functional units of the session that an activity is. */
export const activityUnits: readonly Unit[] = ['duplex', 'typed-data', 'minor-sync', 'activities']

/** What a reference or a lineage is: 256 random bits. */
export function newSecret(): Uint8Array {
  return systemRandom(new Uint8Array(SECRET_LENGTH))
}

const SECRET_LENGTH = 32

/** What both greetings come to. */
export function agree(limits: SessionLimits, peer: Hello): Agreed {
  return {
    peerMaxMessageLength: peer.maxMessageLength,
    peerMaxConcurrentCalls: peer.maxConcurrentCalls,
    peerWindow: peer.window,
    window: limits.streamWindow,
    peerIsDurable: peer.extras.durable === true,
  }
}

/** An error as the user data of a refusal. */
export function encodeRefusal(codec: Codec, error: RpcError): Uint8Array {
  const { code, message } = error
  return codec.encode(errorToWire(new RpcError(code, message, { outcome: 'not-started' }))).slice()
}

/** The error in the user data of a refusal; undefined when there is none. */
export function decodeRefusal(codec: Codec, userData: Uint8Array | undefined): RpcError | undefined {
  const fields = decodeOne(codec, userData)
  return fields === undefined ? undefined : errorFromWire(fields)
}

/** What goes with a release: whether the other side has a choice, and a reason. */
export interface FarewellNote {
  readonly final: boolean
  readonly reason: string | undefined
}

/** The user data of a release, or of declining one. */
export function encodeFarewell(codec: Codec, final: boolean, reason?: string): Uint8Array {
  return codec
    .encode(reason === undefined ? [final] : [final, reason.slice(0, rpcLimits.reasonLength)])
    .slice()
}

/** Reads the user data of a release. What does not say otherwise leaves a choice. */
export function decodeFarewell(codec: Codec, userData: Uint8Array | undefined): FarewellNote {
  const [final, reason] = decodeOne(codec, userData) ?? []
  const text = typeof reason === 'string' ? reason.slice(0, rpcLimits.reasonLength) : undefined
  return { final: final === true, reason: text }
}

function decodeOne(codec: Codec, octets: Uint8Array | undefined): readonly unknown[] | undefined {
  const found: { fields?: readonly unknown[] } = {}
  try {
    if (octets !== undefined) codec.decode(octets, (fields) => (found.fields = fields))
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown
  }
  return found.fields
}

function positive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function mismatch(message: string): RpcError {
  return new RpcError('FAILED_PRECONDITION', message, { outcome: 'not-started' })
}
