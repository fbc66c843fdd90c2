// The queue of writes: what shares a flush, what is settled how, and its bounds.
import { describe, expect, it } from 'vitest'
import { storeLimits, type LedgerChange, StoreFailure, StoreUsageError } from '../../src/index.ts'
import { type QueuedWrite, WriteQueue, type WriteResult } from '../../src/store/index.ts'
import { turns } from '../../src/testing/index.ts'

const retention = { expires: 1, removes: 1 }

function make(id: number, head = 0): LedgerChange[] {
  const name = { kind: 'key', id: String(id) } as const
  return [{ name, epoch: 0, take: true, retention, head: new Uint8Array(head) }]
}

/** A queue whose flushes wait for the test. */
function heldQueue() {
  const flushes: { ids: string[]; end: (results: WriteResult[] | Error) => void }[] = []
  const queue = new WriteQueue((group: readonly QueuedWrite[]) => {
    return new Promise((resolve, reject) => {
      flushes.push({
        ids: group.flatMap(({ changes }) => changes.map(({ name }) => name.id)),
        end: (results) => (results instanceof Error ? reject(results) : resolve(results)),
      })
    })
  })
  return { queue, flushes }
}

describe('the queue of writes', () => {
  it('flushes the writes of a turn together, and those that come meanwhile after them', async () => {
    const { queue, flushes } = heldQueue()
    const first = [queue.write(make(1), 0), queue.write(make(2), 0)]
    await turns()
    const second = [queue.write(make(3), 0), queue.write(make(4), 0)]
    await turns()
    expect(flushes.map(({ ids }) => ids)).toEqual([['1', '2']])
    flushes[0]?.end([])
    await Promise.all(first)
    await turns()
    expect(flushes.map(({ ids }) => ids)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    flushes[1]?.end([])
    await Promise.all(second)
    await queue.idle()
  })

  it('gives each write what became of it', async () => {
    const { queue, flushes } = heldQueue()
    const results = Promise.allSettled([1, 2, 3].map((id) => queue.write(make(id), 0)))
    await turns()
    flushes[0]?.end([undefined, new Error('two'), undefined])
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const failed = Promise.allSettled([4, 5].map((id) => queue.write(make(id), 0)))
    await turns()
    flushes[1]?.end(new Error('all'))
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('splits what is more than groupWrites or groupOctets, and never a write', async () => {
    const { queue, flushes } = heldQueue()
    const writes = Array.from({ length: storeLimits.groupWrites + 1 }, (_, id) => queue.write(make(id), 0))
    const octets = storeLimits.headOctets
    const heavy = Math.floor(storeLimits.groupOctets / octets)
    for (let id = 0; id < heavy; id++) writes.push(queue.write(make(id, octets), 0))
    await turns()
    const sizes = []
    for (let flush = 0; flush < 3; flush++) {
      sizes.push(flushes[flush]?.ids.length)
      flushes[flush]?.end([])
      await turns()
    }
    expect(sizes).toEqual([storeLimits.groupWrites, heavy, 1])
    await Promise.all(writes)
  })

  it('is busy when waitingWrites wait', async () => {
    const { queue, flushes } = heldQueue()
    const writes = [queue.write(make(0), 0)]
    await turns()
    for (let id = 0; id < storeLimits.waitingWrites; id++) writes.push(queue.write(make(1), 0))
    await expect(queue.write(make(2), 0)).rejects.toMatchObject({ code: 'busy', outcome: 'not-written' })
    flushes[0]?.end([])
    const settled = Promise.allSettled(writes)
    queue.stop(new StoreFailure('closed', 'not-written', 'over'))
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await queue.idle()
  })

  it('is busy when waitingOctets wait', async () => {
    const { queue, flushes } = heldQueue()
    const writes = [queue.write(make(0), 0)]
    await turns()
    const many = Math.floor(storeLimits.waitingOctets / storeLimits.headOctets)
    const head = storeLimits.headOctets
    const heavy = Array.from({ length: many }, (_, id) => queue.write(make(id, head), 0))
    const outcomes = Promise.allSettled(heavy)
    expect(flushes).toHaveLength(1)
    queue.stop(new StoreFailure('closed', 'not-written', 'over'))
    const codes = (await outcomes).map(
      (outcome) => outcome.status === 'rejected' && (outcome.reason as unknown),
    )
    expect(codes.at(-1)).toMatchObject({ code: 'busy' })
    expect(codes.at(0)).toMatchObject({ code: 'closed' })
    flushes[0]?.end([])
    await Promise.all(writes)
  })

  it('refuses all that waits and all that comes once it is stopped, but what is being flushed', async () => {
    const { queue, flushes } = heldQueue()
    const flushing = queue.write(make(1), 0)
    await turns()
    const waiting = queue.write(make(2), 0)
    queue.stop(new StoreFailure('stopped', 'not-written', 'the disk is broken'))
    await expect(waiting).rejects.toMatchObject({ code: 'stopped' })
    await expect(queue.write(make(3), 0)).rejects.toMatchObject({ code: 'stopped' })
    flushes[0]?.end([undefined])
    await flushing
    await queue.idle()
    expect(flushes).toHaveLength(1)
  })

  it('throws at once for what can never be right', async () => {
    const { queue, flushes } = heldQueue()
    expect(() => queue.write(make(1, storeLimits.headOctets + 1), 0)).toThrow(StoreUsageError)
    await turns()
    expect(flushes).toHaveLength(0)
  })
})
