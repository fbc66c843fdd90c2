// Which message goes where. The fields have been checked against the table of messages before.
import type { DurableCalls } from '../durable/durable-calls.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import type { Caller } from './caller.ts'
import type { Dispatcher } from './dispatcher.ts'
import { REASON_DEADLINE } from './pending.ts'

/** Hands a message of values to the half of the peer that it is for. */
export function routeValues(
  message: Message,
  length: number,
  problem: string | undefined,
  caller: Caller,
  dispatcher: Dispatcher,
): void {
  const id = message[1] as number
  switch (message[0] as number) {
    case messageType.call:
      dispatcher.call(id, message[2] as number, message[3] as unknown[], message[4] as unknown[], problem)
      break
    case messageType.result:
      caller.result(id, message[2], problem)
      break
    case messageType.item:
      caller.item(id, message[2], length, problem)
      break
    case messageType.input:
      dispatcher.input(id, message[2] as number, message[3], length, problem)
      break
    case messageType.error:
      caller.error(id, message[2] as unknown[])
      break
    case messageType.end:
      caller.end(id)
      break
    case messageType.inputEnd:
      dispatcher.inputEnd(id, message[2] as number, message[3] as unknown[] | undefined)
      break
    case messageType.bind:
      dispatcher.bind(id, message[2] as string, message[3] as string)
      break
    case messageType.head:
      caller.head(id, message[2] as object)
      break
  }
}

/** The same for a control message about a call. */
export function routeControl(
  message: Message,
  caller: Caller,
  dispatcher: Dispatcher,
  durable: DurableCalls | undefined,
): void {
  const id = message[1] as number
  const second = message[2] as number
  switch (message[0] as number) {
    case messageType.credit:
      dispatcher.credit(id, second)
      break
    case messageType.cancel:
      dispatcher.cancel(id, second === REASON_DEADLINE)
      break
    case messageType.inputCredit:
      caller.inputCredit(id, second, message[3] as number)
      break
    case messageType.inputCancel:
      caller.inputCancel(id, second)
      break
    case messageType.settled:
      durable?.forgetBelow(id)
      break
  }
}
