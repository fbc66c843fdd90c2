// What the nodes offer: next to nothing, so that what is measured is the way there and back.
import { defineService, unary } from '@parley/rpc'

/** Each method answers with what it was given and with the port of the node that ran it. */
export const Desk = defineService('desk.v1', {
  look: unary<(id: number) => Promise<Answer>>({ idempotent: true }),
  sell: unary<(id: number) => Promise<Answer>>(),
})

/** What a node answers. */
export interface Answer {
  readonly id: number
  readonly port: number
}

/** The answer, if it is the one to that call. Throws for another one. */
export function checked(answer: Answer, id: number): Answer {
  if (answer.id !== id) throw new Error(`call ${id} was given the answer to call ${answer.id}`)
  return answer
}
