// What the compiler says about dialogues: who implements them, who holds them, what is refused.
import { dialogue, service, stream } from '../../../src/service/decorators.ts'
import { defineService, implement } from '../../../src/service/define.ts'
import { remote } from '../../../src/service/remote.ts'
import type { Dialogue, RemoteDialogue } from '../../../src/dialogue.ts'
import type { MethodProblem } from '../../../src/service/method-check.ts'
import type { Stub } from '../../../src/service/stub-type.ts'
import type { Stream } from '../../../src/stream.ts'
import type { Equal, Expect } from '../expect.ts'
import { client } from './shop.ts'

interface Deal {
  readonly price: number
}

@service('market.v1')
abstract class Market {
  @dialogue() haggle(sku: string): Dialogue<number, string, Deal> {
    return remote(sku)
  }
  @dialogue({ timeout: 1000 }) listen(): Dialogue<string> {
    return remote()
  }
}

export class MarketService extends Market {
  override async *haggle(sku: string): AsyncGenerator<number, Deal, string> {
    const offer = yield sku.length
    return { price: offer.length }
  }
  override async *listen(): Dialogue<string> {
    yield 'a'
  }
}

export class Bad extends Market {
  // @ts-expect-error: it says numbers, not strings
  override async *haggle(sku: string): AsyncGenerator<string, Deal, string> {
    yield sku
    return { price: 1 }
  }
}

export class WrongKind {
  // @ts-expect-error: a dialogue is marked @dialogue()
  @stream() haggle(): Dialogue<number, string, Deal> {
    return remote()
  }
  // @ts-expect-error: a stream is no dialogue
  @dialogue() prices(): Stream<number> {
    return remote()
  }
  // @ts-expect-error: a dialogue takes no streams
  @dialogue() upload(chunks: Stream<number>): Dialogue<number> {
    return remote(chunks)
  }
}

export type DialogueTypes = [
  Expect<Equal<Stub<Market>['haggle'], (sku: string) => RemoteDialogue<number, string, Deal>>>,
  Expect<Equal<Stub<Market>['listen'], () => RemoteDialogue<string, void, void>>>,
  Expect<
    Equal<
      MethodProblem<'stream', () => Dialogue<number>>,
      'This method returns a Dialogue: mark it @dialogue().'
    >
  >,
  Expect<
    Equal<
      MethodProblem<'dialogue', () => AsyncGenerator<number>>,
      'A method marked @dialogue() returns a Dialogue<Says, Hears, Result>.'
    >
  >,
]

export async function haggling(): Promise<Deal | undefined> {
  const talk = client.stub(Market).haggle('a-1')
  const first = await talk.next()
  if (first.done === true) return first.value
  first.value.toFixed()
  // @ts-expect-error: it hears strings
  await talk.next(1)
  const back = await talk.rewind(0)
  if (back.done !== true) back.value.toFixed()
  const last = await talk.next('12')
  return last.done === true ? last.value : undefined
}

export const Defined = defineService('market.v2', {
  haggle: dialogue<(sku: string) => Dialogue<number, string, Deal>>(),
})

export const served = implement(Defined, {
  haggle: async function* (sku) {
    const offer = yield sku.length
    return { price: offer.length }
  },
})
