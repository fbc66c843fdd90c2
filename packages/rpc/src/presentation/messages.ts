// The RPC messages, in one table: what each is called, which flow it takes, who sends it, and what its fields are.
// A message on the wire is the array [type, ...fields]. Many stand back to back in one SSDU.

/** The kinds of field; a trailing `?` in the table means the field may be left out. */
export type FieldKind = 'uint' | 'string' | 'array' | 'any' | 'record'

type Field = readonly [name: string, kind: FieldKind, presence?: 'optional']

interface MessageShape {
  readonly type: number
  /** `values`: S-DATA. `control`: S-TYPED-DATA, which needs no turn. */
  readonly flow: 'values' | 'control'
  /** Who may send it: the side that made the call or the side that answers it. */
  readonly from: 'caller' | 'callee'
  readonly fields: readonly Field[]
}

/**
 * Every message. `call` is the call's id: chosen by its caller, rising, never used twice in a session.
 * `channel` is the position of a stream among the call's arguments.
 */
export const messages = {
  /** Gives a method of the peer's a number for this session, before the first call of it. */
  bind: {
    type: 0,
    flow: 'values',
    from: 'caller',
    fields: [
      ['ref', 'uint'],
      ['service', 'string'],
      ['method', 'string'],
    ],
  },
  /** Calls a bound method. Options: [timeout in ms | nil, metadata | nil, channels that are streams | nil]. */
  call: {
    type: 1,
    flow: 'values',
    from: 'caller',
    fields: [
      ['call', 'uint'],
      ['ref', 'uint'],
      ['args', 'array'],
      ['options', 'array', 'optional'],
    ],
  },
  /** One item of a stream argument. */
  input: {
    type: 2,
    flow: 'values',
    from: 'caller',
    fields: [
      ['call', 'uint'],
      ['channel', 'uint'],
      ['value', 'any'],
    ],
  },
  /** The end of a stream argument, with an error when it failed. */
  inputEnd: {
    type: 3,
    flow: 'values',
    from: 'caller',
    fields: [
      ['call', 'uint'],
      ['channel', 'uint'],
      ['error', 'array', 'optional'],
    ],
  },
  /** The caller no longer wants the result. Reason: 0 cancelled, 1 deadline exceeded. */
  cancel: {
    type: 4,
    flow: 'control',
    from: 'caller',
    fields: [
      ['call', 'uint'],
      ['reason', 'uint'],
    ],
  },
  /** The caller has consumed this many octets of items of the result stream. */
  credit: {
    type: 5,
    flow: 'control',
    from: 'caller',
    fields: [
      ['call', 'uint'],
      ['octets', 'uint'],
    ],
  },
  /** The value of a unary call; ends the call. */
  result: {
    type: 6,
    flow: 'values',
    from: 'callee',
    fields: [
      ['call', 'uint'],
      ['value', 'any'],
    ],
  },
  /** Ends a call of either kind with an error: [code, message, outcome, details?, stack?]. */
  error: {
    type: 7,
    flow: 'values',
    from: 'callee',
    fields: [
      ['call', 'uint'],
      ['error', 'array'],
    ],
  },
  /** One item of the result stream. */
  item: {
    type: 8,
    flow: 'values',
    from: 'callee',
    fields: [
      ['call', 'uint'],
      ['value', 'any'],
    ],
  },
  /** The end of the result stream; ends the call. */
  end: { type: 9, flow: 'values', from: 'callee', fields: [['call', 'uint']] },
  /** The callee has consumed this many octets of items of a stream argument. */
  inputCredit: {
    type: 10,
    flow: 'control',
    from: 'callee',
    fields: [
      ['call', 'uint'],
      ['channel', 'uint'],
      ['octets', 'uint'],
    ],
  },
  /** The callee wants no more of a stream argument. */
  inputCancel: {
    type: 11,
    flow: 'control',
    from: 'callee',
    fields: [
      ['call', 'uint'],
      ['channel', 'uint'],
    ],
  },
  /** The callee's metadata, ahead of its first value or its error. */
  head: {
    type: 12,
    flow: 'values',
    from: 'callee',
    fields: [
      ['call', 'uint'],
      ['metadata', 'record'],
    ],
  },
} as const satisfies Record<string, MessageShape>

/** The name of a message. */
export type MessageName = keyof typeof messages

/** A message as it stands in an SSDU. */
export type Message = readonly unknown[]

/**
 * What is wrong with a received message, or undefined when it fits the table and came on its flow.
 * Every field a handler reads has been checked here.
 */
export function messageProblem(message: Message, flow: 'values' | 'control'): string | undefined {
  const shape = typeof message[0] === 'number' ? shapes[message[0]] : undefined
  if (shape === undefined) return 'an RPC message of unknown type'
  if (shape.flow !== flow) return `the message "${shape.name}" came as ${flow}`
  const { checks, required } = shape
  if (message.length <= required || message.length > checks.length + 1) {
    return `the message "${shape.name}" has ${message.length - 1} fields`
  }
  for (let i = 1; i < message.length; i++) {
    if (!fits(message[i], checks[i - 1])) return `the message "${shape.name}" has a wrong field ${i}`
  }
  return undefined
}

interface CompiledShape {
  readonly name: string
  readonly flow: 'values' | 'control'
  readonly checks: readonly FieldKind[]
  readonly required: number
}

const shapes: readonly CompiledShape[] = compile()

function compile(): CompiledShape[] {
  const compiled: CompiledShape[] = []
  for (const [name, shape] of Object.entries<MessageShape>(messages)) {
    const checks = shape.fields.map(([, kind]) => kind)
    const required = shape.fields.filter(([, , presence]) => presence === undefined).length
    compiled[shape.type] = { name, flow: shape.flow, checks, required }
  }
  return compiled
}

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
    case 'record':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return false
  }
}
