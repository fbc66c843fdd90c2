// TPDUs of ISO 8073 | X.224, class 0, to octets and back, all but DT, which framing.ts reads on the fly.
// Pure, knows no state. Decoding never throws: what is wrong comes back as a fault that an ER TPDU can carry.

/** A TPDU that is not normal data. */
export type Tpdu = ConnectTpdu | DisconnectRequest | ErrorTpdu | ExpeditedData

/** CR or CC. */
export interface ConnectTpdu {
  readonly type: 'CR' | 'CC'
  readonly destination: number
  readonly source: number
  /** The preferred class, or the class chosen. */
  readonly class: number
  readonly parameters: ReadonlyMap<number, Uint8Array>
}

/** DR: a refusal, or (not in class 0, yet some send it) a release. */
export interface DisconnectRequest {
  readonly type: 'DR'
  readonly destination: number
  readonly source: number
  readonly reason: number
}

/** ER: we sent something the peer calls invalid. */
export interface ErrorTpdu {
  readonly type: 'ER'
  readonly destination: number
  readonly cause: number
}

/** ED as RFC 1006 has it in class 0: the shape of its DT. */
export interface ExpeditedData {
  readonly type: 'ED'
  /** 1 to 16 octets, a copy. */
  readonly data: Uint8Array
}

/** What is wrong with a TPDU, as an ER says it. */
export interface TpduFault {
  readonly type: 'fault'
  readonly cause: number
  /** How many octets of the TPDU go up to and including the fault. */
  readonly upTo: number
  /** For people. */
  readonly message: string
}

/** Codes of variable parameters (13.2.3 of X.224). */
export const parameterCode = {
  tpduSize: 0xc0,
  callingSelector: 0xc1,
  calledSelector: 0xc2,
  additionalOptions: 0xc6,
  alternativeClasses: 0xc7,
  preferredTpduSize: 0xf0,
} as const

/** Reasons of a DR (13.5.3). */
export const disconnectReason = { addressUnknown: 3, negotiationFailed: 0x82 } as const

/** Causes of an ER (13.12.3). */
export const errorCause = { notSpecified: 0, parameterCode: 1, tpduType: 2, parameterValue: 3 } as const

/** The one octet longer than the longest header: 255 is reserved (13.2.1). */
const RESERVED_LENGTH = 0xff
const CODE = { CR: 0xe0, CC: 0xd0, DR: 0x80, ER: 0x70, ED: 0x10 } as const

/** What class 0 does not have, and DT out of its place or shape. */
const OTHER_TPDUS: ReadonlyMap<number, string> = new Map([
  [0x1, 'an ED'],
  [0x2, 'an EA'],
  [0x5, 'an RJ'],
  [0x6, 'an AK'],
  [0xc, 'a DC'],
  [0xf, 'a DT'],
])

/** Where the variable part of each begins. */
const VARIABLE = { CR: 7, CC: 7, DR: 7, ER: 5 } as const

/** Reads one TPDU, which is not a well-formed DT. `expedited`: the connection has EDs. */
export function decodeTpdu(tpdu: Uint8Array, expedited = false): Tpdu | TpduFault {
  const length = tpdu[0] ?? 0
  const code = tpdu[1] ?? 0
  if (length === RESERVED_LENGTH || length + 1 > tpdu.length) {
    return fault(errorCause.notSpecified, 1, `a TPDU with a header of ${length} octets in ${tpdu.length - 1}`)
  }
  if (expedited && code === CODE.ED) return readExpedited(tpdu)
  const type = typeOf(code)
  if (type === undefined) {
    const name = OTHER_TPDUS.get(code >> 4) ?? `a TPDU of type 0x${hex(code)}`
    return fault(errorCause.tpduType, 2, `${name} with a header of ${length} octets`)
  }
  const variable = VARIABLE[type]
  if (length + 1 < variable) return fault(errorCause.notSpecified, 1, `${named(type)} of ${length} octets`)
  const parameters = readParameters(tpdu, variable, length + 1, type)
  if (!(parameters instanceof Map)) return parameters
  const destination = word(tpdu, 2)
  if (type === 'ER') return { type, destination, cause: tpdu[4] ?? 0 }
  const source = word(tpdu, 4)
  const last = tpdu[6] ?? 0
  if (type === 'DR') return { type, destination, source, reason: last }
  return { type, destination, source, class: last >> 4, parameters }
}

/** A variable parameter, to be encoded. */
export type Parameter = readonly [code: number, value: Uint8Array]

/** A CR or CC of class 0. */
export function encodeConnect(
  type: 'CR' | 'CC',
  destination: number,
  source: number,
  parameters: readonly Parameter[],
): Uint8Array {
  const head = [CODE[type], destination >> 8, destination & 0xff, source >> 8, source & 0xff, 0]
  return withLength(head, parameters)
}

/** An ED. Others send its EOT octet as 00; ours says what RFC 1006 does. */
export function encodeExpedited(data: Uint8Array): Uint8Array {
  return Uint8Array.of(EXPEDITED_HEADER, CODE.ED, EOT, ...data)
}

const EXPEDITED_HEADER = 2
const EOT = 0x80
/** The most octets of an expedited TSDU (ISO 8072). */
export const EXPEDITED_LENGTH = 16

/** A DR with source 0, which refuses a CR (6.6.2). */
export function encodeDisconnect(destination: number, reason: number): Uint8Array {
  return withLength([CODE.DR, destination >> 8, destination & 0xff, 0, 0, reason], [])
}

/** An ER with the octets of the rejected TPDU up to the fault, which class 0 asks for (13.12.4). */
export function encodeError(
  destination: number,
  { cause, upTo }: TpduFault,
  rejected: Uint8Array,
): Uint8Array {
  const invalid = rejected.subarray(0, Math.min(upTo, MOST_REJECTED))
  return withLength([CODE.ER, destination >> 8, destination & 0xff, cause], [[INVALID_TPDU, invalid]])
}

const INVALID_TPDU = 0xc1
/** What a header of 254 octets leaves for the value. */
const MOST_REJECTED = 248

/** Why a peer disconnects, in words. */
export function disconnectWords(reason: number): string {
  return DISCONNECT_WORDS.get(reason) ?? `reason ${reason}`
}

/** What a peer found wrong, in words. */
export function errorWords(cause: number): string {
  return ERROR_WORDS.get(cause) ?? `cause ${cause}`
}

const DISCONNECT_WORDS: ReadonlyMap<number, string> = new Map([
  [0, 'no reason given'],
  [1, 'congestion at the address'],
  [2, 'no session entity at the address'],
  [3, 'address unknown'],
  [0x80, 'normal disconnect'],
  [0x81, 'remote congestion'],
  [0x82, 'negotiation failed'],
  [0x83, 'duplicate reference'],
  [0x84, 'mismatched references'],
  [0x85, 'protocol error'],
  [0x87, 'reference overflow'],
  [0x88, 'refused on this network connection'],
  [0x8a, 'invalid header or parameter length'],
])

const ERROR_WORDS: ReadonlyMap<number, string> = new Map([
  [0, 'no reason given'],
  [1, 'invalid parameter code'],
  [2, 'invalid TPDU type'],
  [3, 'invalid parameter value'],
])

/** Parameters that X.224 and RFC 2126 define; others are ignored in a CR and wrong elsewhere (13.2.3). */
const KNOWN: ReadonlySet<number> = new Set([
  0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8b, 0xe0, 0xf0, 0xf2,
])

function typeOf(code: number): 'CR' | 'CC' | 'DR' | 'ER' | undefined {
  // The low half of CR and CC is the initial credit, which means nothing in class 0.
  if ((code & 0xf0) === CODE.CR) return 'CR'
  if ((code & 0xf0) === CODE.CC) return 'CC'
  if (code === CODE.DR) return 'DR'
  return code === CODE.ER ? 'ER' : undefined
}

function readExpedited(tpdu: Uint8Array): ExpeditedData | TpduFault {
  const [header = 0, , end = 0] = tpdu
  const length = tpdu.length - EXPEDITED_HEADER - 1
  if (header !== EXPEDITED_HEADER) {
    return fault(errorCause.notSpecified, 1, `an ED with a header of ${header} octets`)
  }
  if (end !== EOT && end !== 0) {
    return fault(errorCause.parameterValue, 3, `an ED that ends with 0x${hex(end)}`)
  }
  if (length < 1 || length > EXPEDITED_LENGTH) {
    return fault(errorCause.notSpecified, 3, `an ED with ${length} octets of data`)
  }
  return { type: 'ED', data: tpdu.slice(EXPEDITED_HEADER + 1) }
}

/** Any order; of duplicates the last counts (6.5.4). */
function readParameters(
  tpdu: Uint8Array,
  from: number,
  end: number,
  type: Tpdu['type'],
): Map<number, Uint8Array> | TpduFault {
  const parameters = new Map<number, Uint8Array>()
  let at = from
  while (at < end) {
    const code = tpdu[at] ?? 0
    const next = at + 2 + (tpdu[at + 1] ?? 0)
    if (at + 2 > end || next > end) {
      return fault(
        errorCause.parameterValue,
        at + 1,
        `${named(type)} whose parameter 0x${hex(code)} does not fit`,
      )
    }
    if (!KNOWN.has(code) && type !== 'CR') {
      return fault(
        errorCause.parameterCode,
        at + 1,
        `${named(type)} with the unknown parameter 0x${hex(code)}`,
      )
    }
    parameters.set(code, tpdu.subarray(at + 2, next))
    at = next
  }
  return parameters
}

function withLength(head: readonly number[], parameters: readonly Parameter[]): Uint8Array {
  const octets = [...head, ...parameters.flatMap(([code, value]) => [code, value.length, ...value])]
  return Uint8Array.of(octets.length, ...octets)
}

/** `a CR`, `an ER` */
export function named(type: Tpdu['type']): string {
  return type.startsWith('E') ? `an ${type}` : `a ${type}`
}

function fault(cause: number, upTo: number, message: string): TpduFault {
  return { type: 'fault', cause, upTo, message }
}

function word(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0')
}
