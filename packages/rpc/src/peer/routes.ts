// Which message goes where. The fields have been checked against the table of messages before.
import type { DurableCalls } from '../durable/durable-calls.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import type { Caller } from './caller.ts'
import type { Dispatcher } from './dispatcher.ts'
import { REASON_DEADLINE } from './pending.ts'

/** The calling half, made when it is first needed, and the answering one. */
interface Halves {
  readonly caller: Caller
  readonly dispatcher: Dispatcher
}

/** Hands a message of values to the half of the peer that it is for. */
export function routeValues(
  message: Message,
  length: number,
  problem: string | undefined,
  peer: Halves,
): void {
  const id = message[1] as number
  switch (message[0] as number) {
    case messageType.call:
      peer.dispatcher.call(
        id,
        message[2] as number,
        message[3] as unknown[],
        message[4] as unknown[],
        problem,
      )
      break
    case messageType.result:
      peer.caller.result(id, message[2], problem)
      break
    case messageType.item:
      peer.caller.item(id, message[2], length, problem)
      break
    case messageType.input:
      peer.dispatcher.input(id, message[2] as number, message[3], length, problem)
      break
    case messageType.error:
      peer.caller.error(id, message[2] as unknown[])
      break
    case messageType.end:
      peer.caller.end(id)
      break
    case messageType.inputEnd:
      peer.dispatcher.inputEnd(id, message[2] as number, message[3] as unknown[] | undefined)
      break
    case messageType.bind:
      peer.dispatcher.bind(id, message[2] as string, message[3] as string)
      break
    case messageType.head:
      peer.caller.head(id, message[2] as object)
      break
  }
}

/** The same for a control message about a call. */
export function routeControl(
  message: Message,
  peer: Halves & { readonly durable: DurableCalls | undefined },
): void {
  const id = message[1] as number
  const second = message[2] as number
  switch (message[0] as number) {
    case messageType.credit:
      peer.dispatcher.credit(id, second)
      break
    case messageType.cancel:
      peer.dispatcher.cancel(id, second === REASON_DEADLINE)
      break
    case messageType.inputCredit:
      peer.caller.inputCredit(id, second, message[3] as number)
      break
    case messageType.inputCancel:
      peer.caller.inputCancel(id, second)
      break
    case messageType.settled:
      peer.durable?.forgetBelow(id)
      break
  }
}
