// The RPC messages, in one table: what each is called, which flow it takes, and what its fields are.
// A message on the wire is the array [type, ...fields]. Many stand back to back in one SSDU.

/**
 * The number of each message. The side that made a call is its caller, the side that answers it the callee.
 */
export const messageType = {
  /** Caller: gives a method of the peer's a number for this session, before the first call of it. */
  bind: 0,
  /**
   * Caller: calls a bound method. Options: [timeout in ms | nil, metadata | nil,
   * channels that are streams | nil].
   */
  call: 1,
  /** Caller: one item of a stream argument. A channel is the position of a stream among the arguments. */
  input: 2,
  /** Caller: the end of a stream argument, with an error when it failed. */
  inputEnd: 3,
  /** Caller: the result is no longer wanted. Reason: 0 cancelled, 1 deadline exceeded. */
  cancel: 4,
  /** Caller: that many octets of items of the result stream have been consumed. */
  credit: 5,
  /** Callee: the value of a unary call; ends the call. */
  result: 6,
  /** Callee: ends a call of either kind with an error: [code, message, outcome, details?, stack?]. */
  error: 7,
  /** Callee: one item of the result stream. */
  item: 8,
  /** Callee: the end of the result stream; ends the call. */
  end: 9,
  /** Callee: that many octets of items of a stream argument have been consumed. */
  inputCredit: 10,
  /** Callee: no more of a stream argument is wanted. */
  inputCancel: 11,
  /** Callee: metadata, ahead of the first value or the error. */
  head: 12,
  /**
   * Either: this side wants to leave and takes no new calls; with its reason, and whether the other is to
   * move.
   */
  leaving: 13,
  /** Caller: it has had the answers to all calls below this id, so that they can be forgotten. */
  settled: 14,
} as const

/** A message as it stands in an SSDU. */
export type Message = readonly unknown[]

/** The flows of a session: `values` is S-DATA; `control` is S-TYPED-DATA, which needs no turn. */
export type Flow = 'values' | 'control'

/**
 * What is wrong with a received message, or undefined when it fits the table and came on its flow.
 * Every field a handler reads has been checked here.
 */
export function messageProblem(message: Message, flow: Flow): string | undefined {
  return problemIn(shapes, message, flow)
}

/** What is wrong with a message by a table of {@link MessageShape}s, one for each number. */
export function problemIn(shapes: readonly MessageShape[], message: Message, flow: Flow): string | undefined {
  const shape = typeof message[0] === 'number' ? shapes[message[0]] : undefined
  if (shape === undefined) return 'an RPC message of unknown type'
  if (shape.flow !== flow) return `the message "${shape.name}" came as ${flow}`
  const { fields, required } = shape
  if (message.length <= required || message.length > fields.length + 1) {
    return `the message "${shape.name}" has ${message.length - 1} fields`
  }
  for (let i = 1; i < message.length; i++) {
    if (!fits(message[i], fields[i - 1])) return `the message "${shape.name}" has a wrong field ${i}`
  }
  return undefined
}

type FieldKind = 'uint' | 'string' | 'boolean' | 'array' | 'any' | 'record'

/** What a message must look like. */
export interface MessageShape {
  readonly name: string
  readonly flow: Flow
  readonly fields: readonly FieldKind[]
  /** How many of the fields must be there. */
  readonly required: number
}

/**
 * By message number. A call's id is the first field of all but `bind` and `leaving`: chosen by the caller,
 * rising, never used twice in a session.
 */
// prettier-ignore
const shapes: readonly MessageShape[] = [
  { name: 'bind',        flow: 'values',  fields: ['uint', 'string', 'string'],         required: 3 },
  { name: 'call',        flow: 'values',  fields: ['uint', 'uint', 'array', 'array'],   required: 3 },
  { name: 'input',       flow: 'values',  fields: ['uint', 'uint', 'any'],              required: 3 },
  { name: 'inputEnd',    flow: 'values',  fields: ['uint', 'uint', 'array'],            required: 2 },
  { name: 'cancel',      flow: 'control', fields: ['uint', 'uint'],                     required: 2 },
  { name: 'credit',      flow: 'control', fields: ['uint', 'uint'],                     required: 2 },
  { name: 'result',      flow: 'values',  fields: ['uint', 'any'],                      required: 2 },
  { name: 'error',       flow: 'values',  fields: ['uint', 'array'],                    required: 2 },
  { name: 'item',        flow: 'values',  fields: ['uint', 'any'],                      required: 2 },
  { name: 'end',         flow: 'values',  fields: ['uint'],                             required: 1 },
  { name: 'inputCredit', flow: 'control', fields: ['uint', 'uint', 'uint'],             required: 3 },
  { name: 'inputCancel', flow: 'control', fields: ['uint', 'uint'],                     required: 2 },
  { name: 'head',        flow: 'values',  fields: ['uint', 'record'],                   required: 2 },
  { name: 'leaving',     flow: 'control', fields: ['string', 'boolean'],                required: 1 },
  { name: 'settled',     flow: 'control', fields: ['uint'],                             required: 1 },
]

function fits(value: unknown, kind: FieldKind | undefined): boolean {
  switch (kind) {
    case 'uint':
      return Number.isSafeInteger(value) && (value as number) >= 0
    case 'any':
      return true
    case 'array':
      return Array.isArray(value)
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'record':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return false
  }
}
