// The first message of an activity, on both sides: what is asked for, written and read. Nothing of it is
// trusted before it was read here.
import { hexOf } from '@parley/core'
import { rpcLimits } from '../limits.ts'
import { newSecret } from '../peer/handshake.ts'
import { activityMessage } from '../presentation/activity-messages.ts'
import type { Message } from '../presentation/messages.ts'

/** What the side that connects asks for. */
export interface Beginning {
  readonly service: string
  readonly method: string
  /** Streams among them are null. */
  readonly args: unknown[]
  /** Which arguments are streams. */
  readonly channels: readonly number[]
  readonly id: string
  /** See `beginMode`. */
  readonly mode: number
  /** Items that have come; undefined: from the oldest on that is kept. */
  readonly position: number | undefined
  /** Those of them that are done with; undefined: all. The others can be lost with whoever holds it. */
  readonly had: number | undefined
  /** Names whoever holds the activity, and which of its connections this is: a later one comes after. */
  readonly caller: string
  readonly connection: number
  /** Octets of items that can be taken; below 0 while the last ones were more than that. */
  readonly credit: number
  readonly options: readonly unknown[] | undefined
}

const CALLER_DIGITS = 16

/** As a message. */
export function beginMessage(beginning: Beginning): Message {
  const { service, method, args, channels, options } = beginning
  const { id, mode, position, credit, caller, connection, had } = beginning
  const which = [id, mode, position ?? null, credit, caller, connection, had ?? null]
  const message: unknown[] = [activityMessage.begin, service, method, args, channels, which]
  return options === undefined ? message : [...message, options]
}

/** Reads a message that fits the table; a text says what is wrong with it. */
export function readBeginning(message: Message): Beginning | string {
  const [, service, method, args, channels, which, options] = message as [
    number,
    string,
    string,
    unknown[],
    unknown[],
    unknown[],
    unknown[]?,
  ]
  const [id, mode, position, credit, caller, connection, had = null] = which
  if (typeof id !== 'string' || !isActivityId(id)) return 'the id of the activity is none'
  if (mode !== 0 && mode !== 1 && mode !== 2) return 'the activity is asked for in an unknown way'
  if (position !== null && !isCount(position)) return 'the position is not a whole number'
  if (had !== null && !isCount(had)) return 'the number of items that were had is not a whole number'
  // Below 0: the last item took more than there was left.
  if (!Number.isSafeInteger(credit)) return 'the credit is not a whole number'
  if (typeof caller !== 'string' || caller.length !== CALLER_DIGITS) return 'the caller has no name'
  if (!isCount(connection)) return 'the number of the connection is no whole number'
  if (channels.length > rpcLimits.streamArguments)
    return `more than ${rpcLimits.streamArguments} of the arguments are streams`
  const places = new Set<number>()
  for (const channel of channels) {
    if (!isCount(channel) || channel >= args.length) return 'a stream stands at no argument'
    if (places.has(channel)) return 'two streams stand at one argument'
    places.add(channel)
  }
  return {
    ...{ service, method, args, channels: [...places], id, mode, caller, connection, options },
    position: position ?? undefined,
    had: had ?? undefined,
    credit: credit as number,
  }
}

/** A name for whoever holds an activity: 64 random bits. */
export function newCaller(): string {
  return hexOf(newSecret()).slice(0, CALLER_DIGITS)
}

/** True for what can name an activity. */
export function isActivityId(id: string): boolean {
  return id.length >= rpcLimits.activityIdLeast && id.length <= rpcLimits.activityIdLength
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
