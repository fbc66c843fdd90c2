// A till that writes each sale into a journal which survives it, and takes its time, so that a kill finds it
// at work.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, type Activity } from '@parley/rpc'
import { Till } from './contract.ts'

/** The longest that anything takes, in milliseconds. */
const longest = 10

export class TillService extends Till {
  readonly #journal: string

  constructor(journal: string) {
    super()
    this.#journal = journal
  }

  override async sell(sale: number): Promise<number> {
    await sleep(Math.random() * longest)
    this.#write(`sale ${sale}`)
    await sleep(Math.random() * longest)
    return sale
  }

  override async order(order: number): Promise<number> {
    await sleep(Math.random() * longest)
    // A supplier would tell by the key that it has this order already; the journal keeps the key.
    this.#write(`order ${order} key ${call().key ?? 'none'}`)
    return order
  }

  override async price(of: number): Promise<number> {
    await sleep(Math.random() * longest)
    return 2 * of
  }

  override async *count(stock: number, shelves: number): Activity<number, number> {
    const checkpoint = call().checkpoint<{ readonly shelf: number; readonly sum: number }>()
    let { shelf, sum } = checkpoint.from ?? { shelf: 0, sum: 0 }
    while (shelf < shelves) {
      await sleep(Math.random() * longest)
      this.#write(`stock ${stock} shelf ${shelf}`)
      sum += stock * shelf
      shelf += 1
      yield sum
      if (shelf % 10 === 0) await checkpoint.commit({ shelf, sum })
    }
    return sum
  }

  #write(line: string): void {
    appendFileSync(this.#journal, `${line}\n`)
  }
}
