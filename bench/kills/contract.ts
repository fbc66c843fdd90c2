// What the nodes offer: one method for each promise that is made of a call. Each answers with the mark that
// its effect left in the world, so that an answer that was made up is found out.
import { defineService, unary } from '@parley/rpc'

/** What any store can keep. A call is named by `id`, a client's name and a number. */
export const Till = defineService('till.v1', {
  price: unary<(id: string) => Promise<string>>({ idempotent: true }),
  sell: unary<(id: string) => Promise<string>>(),
  order: unary<(id: string) => Promise<string>>({ effect: 'keyed' }),
})

/** What takes a store with transactions. */
export const Vault = defineService('vault.v1', {
  move: unary<(id: string) => Promise<string>>({ effect: 'transactional' }),
})

/** How a kind of call is made. */
export interface KindOfCall {
  readonly method: 'price' | 'sell' | 'order' | 'move'
  /** It has a key of its caller's, so that a client that was restarted asks again. */
  readonly hasKey: boolean
}

/** The kinds, by the names under which they are counted. */
export const kinds = {
  query: { method: 'price', hasKey: false },
  once: { method: 'sell', hasKey: false },
  'once, with a key': { method: 'sell', hasKey: true },
  keyed: { method: 'order', hasKey: false },
  'keyed, with a key': { method: 'order', hasKey: true },
  transactional: { method: 'move', hasKey: false },
  'transactional, with a key': { method: 'move', hasKey: true },
} as const satisfies Readonly<Record<string, KindOfCall>>

/** The name of a kind. */
export type Kind = keyof typeof kinds

/** What a query answers. */
export function priceOf(id: string): string {
  return `price of ${id}`
}

/** True for a call that its method refuses, once it took effect. */
export function isRefused(id: string): boolean {
  return Number(id.split('-')[1]) % 11 === 7
}

/** Milliseconds of silence after which a connection counts as lost: short, for there are many. */
export const silence = 300
