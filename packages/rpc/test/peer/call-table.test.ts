// The table of calls in progress: it behaves as a Map does, in the order of the ids, in bounded room.
import { rpcLimits } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { CallTable } from '../../src/peer/call-table.ts'

interface Call {
  readonly name: string
}

const call = (id: number): Call => ({ name: `call ${id}` })

describe('a table of calls', () => {
  it('finds what was set and not deleted, whatever the order', () => {
    const table = new CallTable<Call>()
    const model = new Map<number, Call>()
    let seed = 7
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return (seed >>> 8) % below
    }
    for (let step = 0; step < 5000; step++) {
      const id = random(90) * 2 ** 40
      if (random(5) < 2) {
        const added = call(step)
        table.set(id, added)
        model.set(id, added)
      } else {
        table.delete(id)
        model.delete(id)
      }
      const looked = random(90) * 2 ** 40
      expect(table.get(looked)).toBe(model.get(looked))
      expect(table.size).toBe(model.size)
    }
    expect(table.entries()).toEqual([...model].sort(([a], [b]) => a - b))
  })

  it('puts a call in the place of another', () => {
    const table = new CallTable<Call>()
    for (const id of [1, 2, 3]) table.set(id, call(id))
    table.set(2, call(20))
    expect(table.size).toBe(3)
    expect(table.entries().map(([, { name }]) => name)).toEqual(['call 1', 'call 20', 'call 3'])
  })

  it('keeps its room while as many calls begin as end, beside one that goes on', () => {
    const table = new CallTable<Call>()
    table.set(0, call(0))
    for (let id = 1; id <= 16; id++) table.set(id, call(id))
    let most = 0
    for (let id = 17; id < 5000; id++) {
      table.delete(id - 16)
      table.set(id, call(id))
      most = Math.max(most, table.places)
    }
    expect(table.get(0)).toEqual(call(0))
    expect(most).toBeLessThanOrEqual(64)
  })

  it('gives back room above keptCalls when a burst is over', () => {
    const table = new CallTable<Call>()
    const burst = 8 * rpcLimits.keptCalls
    for (let id = 0; id < burst; id++) table.set(id, call(id))
    expect(table.places).toBe(burst)
    for (let id = burst - 1; id > 0; id--) table.delete(id)
    expect(table.places).toBeLessThanOrEqual(rpcLimits.keptCalls)
    expect(table.entries()).toEqual([[0, call(0)]])
  })
})
