// The messages of an activity, in one table. An activity has a session connection of its own, duplex: items
// and input travel as S-DATA, what steers them as S-TYPED-DATA. That it begins, goes on, stands at a
// checkpoint, is put down, given up or done are services of the session and have no messages.
import { problemIn, type Flow, type Message, type MessageShape } from './messages.ts'

/** The number of each message. The caller opened the session connection, the callee answers. */
export const activityMessage = {
  /**
   * Caller, first: service, method, arguments, channels that are streams, which activity [id, mode, position
   * | nil for the oldest, credit, name of this caller, number of this connection, how many items below the
   * position are done with | nil for all], options [timeout in ms | nil, metadata | nil]. A credit is below 0
   * when the last item took more than there was left.
   */
  begin: 0,
  /**
   * Callee, first: the position of the item that follows, and of each stream that is wanted [channel,
   * position, credit].
   */
  attached: 1,
  /** Callee: one item. */
  item: 2,
  /** Callee: the result; ends the activity. */
  result: 3,
  /** Callee: the error the activity ends with. */
  error: 4,
  /** Callee: metadata, ahead of the first item of this connection. */
  head: 5,
  /** Caller: one item of a stream argument. */
  input: 6,
  /** Caller: the end of a stream argument, with an error when it failed. */
  inputEnd: 7,
  /** Caller: that many octets of items have been consumed, and all items below this position were had. */
  credit: 8,
  /** Callee: that many octets of a stream argument have been consumed. */
  inputCredit: 9,
  /** Callee: no more of a stream argument is wanted. */
  inputCancel: 10,
  /** Caller: stop working on it. Reason: see {@link stopReason}. With a text for the method. */
  stop: 11,
  /** Callee: why it interrupts the activity, which follows. */
  interrupting: 12,
  /** Caller: is anybody there? Callee: yes. */
  alive: 13,
} as const

/** Why a caller stops an activity: to discard it, or to put it down; by its deadline or by its user. */
export const stopReason = { discard: 0, deadline: 1, interrupt: 2 } as const

/** What a caller counts on: that it may be new, that it exists, or that this caller has begun it before. */
export const beginMode = { beginOrGoOn: 0, mustExist: 1, known: 2 } as const

/** What is wrong with a received message, or undefined when it fits the table and came on its flow. */
export function activityMessageProblem(message: Message, flow: Flow): string | undefined {
  return problemIn(shapes, message, flow)
}

// prettier-ignore
const shapes: readonly MessageShape[] = [
  { name: 'begin',       flow: 'values',  fields: ['string', 'string', 'array', 'array', 'array', 'array'], required: 5 },
  { name: 'attached',    flow: 'values',  fields: ['uint', 'array'],         required: 2 },
  { name: 'item',        flow: 'values',  fields: ['any'],                   required: 1 },
  { name: 'result',      flow: 'values',  fields: ['any'],                   required: 1 },
  { name: 'error',       flow: 'values',  fields: ['array'],                 required: 1 },
  { name: 'head',        flow: 'values',  fields: ['record'],                required: 1 },
  { name: 'input',       flow: 'values',  fields: ['uint', 'any'],           required: 2 },
  { name: 'inputEnd',    flow: 'values',  fields: ['uint', 'array'],         required: 1 },
  { name: 'credit',      flow: 'control', fields: ['uint', 'uint'],          required: 2 },
  { name: 'inputCredit', flow: 'control', fields: ['uint', 'uint'],          required: 2 },
  { name: 'inputCancel', flow: 'control', fields: ['uint'],                  required: 1 },
  { name: 'stop',        flow: 'control', fields: ['uint', 'string'],        required: 1 },
  { name: 'interrupting', flow: 'values', fields: ['string'],                required: 1 },
  { name: 'alive',       flow: 'control', fields: [],                        required: 0 },
]
