// The dialogues that the tests hold: one that haggles and can be taken back, and one that hangs.
import { call, dialogue, DialogueProblem, remote, Rewound, service, type Dialogue } from '@parley/rpc'

export interface Deal {
  readonly price: number
  readonly offers: readonly number[]
}

@service('market.v1')
export abstract class Market {
  @dialogue() haggle(from: number): Dialogue<number, number, Deal> {
    return remote(from)
  }
  @dialogue() hang(): Dialogue<string, string, string> {
    return remote()
  }
  @dialogue() missing(): Dialogue<number> {
    return remote()
  }
}

/** What a generator saw, for the tests to read. */
export class MarketService extends Market {
  readonly seen: string[] = []
  /** Runs at each turn of `haggle`, before the price is said. */
  atTurn: (turn: number) => Promise<void> | void = () => undefined

  override async *haggle(from: number): AsyncGenerator<number, Deal, number> {
    const talk = call().dialogue
    const offers: number[] = []
    let price = from
    const prices = new Map([[0, from]])
    try {
      for (let turn = 1; ; turn++) {
        try {
          await this.atTurn(turn)
          if (turn > 1) prices.set(await talk.checkpoint(`price ${price}`), price)
          const offer = yield price
          this.seen.push(`heard ${offer}`)
          offers.push(offer)
          if (offer >= price) return { price, offers }
          price -= 10
        } catch (thrown) {
          if (thrown instanceof Rewound) {
            price = prices.get(thrown.point) ?? -1
            this.seen.push(`back to ${thrown.point} (${thrown.label})`)
          } else if (thrown instanceof DialogueProblem) {
            this.seen.push(`problem ${thrown.reason} ${JSON.stringify(thrown.details)}`)
          } else throw thrown
        }
      }
    } finally {
      this.seen.push('ended')
    }
  }

  override async *hang(): AsyncGenerator<string, string, string> {
    try {
      yield 'first'
      await new Promise((_, reject) => {
        const { signal } = call()
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
      return 'never'
    } finally {
      this.seen.push('hang ended')
    }
  }
}
