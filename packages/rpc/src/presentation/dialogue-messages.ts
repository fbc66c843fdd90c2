// The messages of a dialogue, in one table. A dialogue has a session connection of its own, half-duplex: what
// is said travels as S-DATA, which needs the turn, and a cancel as S-TYPED-DATA, which does not. Turns,
// points, going back, problems and interruptions are services of the session and have no messages.
import { problemIn, type Flow, type Message, type MessageShape } from './messages.ts'

/** The number of each message. The caller opened the session connection, the callee answers. */
export const dialogueMessage = {
  /**
   * Caller: begins: service, method, arguments, options [timeout in ms | nil, metadata | nil]. The first
   * message, and the turn goes with it.
   */
  begin: 0,
  /** Either: what is said; the turn goes with it. */
  say: 1,
  /** Caller: an error for the generator, [code, message, outcome, details?]; the turn goes with it. */
  throw: 2,
  /** Callee: the generator's result; ends the dialogue. */
  result: 3,
  /** Callee: the error the dialogue ends with. */
  error: 4,
  /** Callee: metadata, ahead of the first thing said. */
  head: 5,
  /** Caller: the dialogue is no longer wanted. Reason: 0 cancelled, 1 deadline exceeded. */
  cancel: 6,
  /**
   * Either: a problem report that the turn has crossed: the receiver's last word was not heard. The turn goes
   * back with it.
   */
  unheard: 7,
  /** Either, in its turn: why it interrupts the dialogue, which follows. */
  interrupting: 8,
} as const

/** What is wrong with a received message, or undefined when it fits the table and came on its flow. */
export function dialogueMessageProblem(message: Message, flow: Flow): string | undefined {
  return problemIn(shapes, message, flow)
}

// prettier-ignore
const shapes: readonly MessageShape[] = [
  { name: 'begin',   flow: 'values',  fields: ['string', 'string', 'array', 'array'], required: 3 },
  { name: 'say',     flow: 'values',  fields: ['any'],                                required: 1 },
  { name: 'throw',   flow: 'values',  fields: ['array'],                              required: 1 },
  { name: 'result',  flow: 'values',  fields: ['any'],                                required: 1 },
  { name: 'error',   flow: 'values',  fields: ['array'],                              required: 1 },
  { name: 'head',    flow: 'values',  fields: ['record'],                             required: 1 },
  { name: 'cancel',  flow: 'control', fields: ['uint'],                               required: 1 },
  { name: 'unheard', flow: 'values',  fields: ['string', 'any'],                      required: 1 },
  { name: 'interrupting', flow: 'values', fields: ['string'],                         required: 1 },
]
