// What one side keeps of what it sends: in order, by position, by credit; and points between the items.
import type { SessionConnection } from '@parley/core'
import { msgpack, rpcLimits } from '@parley/rpc'
import { expect, it } from 'vitest'
import { Backlog } from '../../src/activity/backlog.ts'
import { ActivityLink } from '../../src/activity/link.ts'
import { Words } from '../../src/presentation/words.ts'

const item = (n: number): Uint8Array => Uint8Array.of(n)

/** What can be sent now: items by their number, points by how many items came before. */
function sent(backlog: Backlog): (number | string)[] {
  const all: (number | string)[] = []
  for (let entry; (entry = backlog.next()) !== undefined;)
    all.push(entry.kind === 'item' ? (entry.octets[0] ?? -1) : `point ${entry.at}`)
  return all
}

it('sends in order, as far as there is credit', () => {
  const backlog = new Backlog()
  for (let n = 0; n < 5; n++) backlog.add(item(n))
  expect(sent(backlog)).toEqual([])
  backlog.credit = 65 * 3
  expect(sent(backlog)).toEqual([0, 1, 2])
  expect(backlog.wantsMore).toBe(false)
  backlog.credit += 65 * 3
  expect(sent(backlog)).toEqual([3, 4])
  expect(backlog.wantsMore).toBe(true)
})

it('goes on from any position that it keeps, and from no other', () => {
  const backlog = new Backlog()
  backlog.credit = 1e6
  for (let n = 0; n < 10; n++) {
    backlog.add(item(n))
    if (n % 3 === 2) backlog.mark(n + 1, [])
  }
  expect(sent(backlog)).toEqual([0, 1, 2, 'point 3', 3, 4, 5, 'point 6', 6, 7, 8, 'point 9', 9])
  expect(backlog.seek(4, 4, 1e6)).toBe(true)
  expect(sent(backlog)).toEqual([4, 5, 'point 6', 6, 7, 8, 'point 9', 9])
  expect(backlog.seek(3, 3, 1e6)).toBe(false)
  backlog.had(8)
  expect(backlog.first).toBe(8)
  expect(backlog.octets).toBe(2)
  expect(backlog.items(8, 10)).toEqual([item(8), item(9)])
})

it('skips what was had and is made again', () => {
  const backlog = new Backlog(5)
  backlog.seek(8, 8, 1e6)
  for (let n = 5; n < 10; n++) backlog.add(item(n))
  expect(sent(backlog)).toEqual([8, 9])
  expect(backlog.count).toBe(10)
})

it('keeps what has come and was not had, and does not send it again', () => {
  const backlog = new Backlog(5)
  backlog.seek(8, 6, 1e6)
  for (let n = 5; n < 10; n++) backlog.add(item(n))
  backlog.mark(7, [])
  expect(sent(backlog)).toEqual(['point 7', 8, 9])
  expect(backlog.items(5, 10)).toEqual([6, 7, 8, 9].map(item))
  expect(backlog.first).toBe(6)
  // Whoever held it is gone, and somebody else goes on with it.
  expect(backlog.seek(6, 6, 1e6)).toBe(true)
  expect(sent(backlog)).toEqual([6, 7, 'point 7', 8, 9])
})

it('puts a point before the items behind it, unless they were sent', () => {
  const backlog = new Backlog()
  for (let n = 0; n < 4; n++) backlog.add(item(n))
  backlog.mark(2, [])
  backlog.mark(2, [])
  backlog.credit = 1e6
  expect(sent(backlog)).toEqual([0, 1, 'point 2', 2, 3])
  backlog.mark(3, [])
  expect(sent(backlog)).toEqual(['point 3'])
})

it('forgets the oldest that were sent when it is to keep less', () => {
  const backlog = new Backlog()
  backlog.credit = 65 * 4
  for (let n = 0; n < 6; n++) backlog.add(item(n))
  sent(backlog)
  backlog.shrink(1)
  expect(backlog.first).toBe(4)
  expect(backlog.octets).toBe(2)
})

it('marks no point beyond limits.activityPoints', () => {
  const marked: number[] = []
  const connection = {
    state: 'open',
    sync: { next: rpcLimits.activityPoints - 1 },
    listen: () => undefined,
    syncMinor: () => marked.push(connection.sync.next++),
  }
  const link = new ActivityLink(
    connection as unknown as SessionConnection,
    new Words(msgpack(), 1000),
    {} as never,
  )
  expect(link.mark(item(1))).toBeDefined()
  expect(link.mark(item(1))).toBeUndefined()
  expect(marked).toHaveLength(1)
})
it('gives items that are made again to whoever has not had them, though somebody else had', () => {
  const backlog = new Backlog(10)
  backlog.seek(13, 13, 1e6)
  backlog.seek(11, 11, 1e6)
  for (let n = 10; n < 15; n++) backlog.add(Uint8Array.of(n))
  const sent = []
  for (let entry; (entry = backlog.next()) !== undefined;) sent.push(entry.at)
  expect(sent).toEqual([11, 12, 13, 14])
})

it('keeps one point of many behind the same item', () => {
  const backlog = new Backlog()
  backlog.credit = 1e6
  backlog.add(Uint8Array.of(1))
  for (let n = 0; n <= 1000; n++) {
    backlog.mark(1, [[0, n]])
    if (n % 3 === 0) while (backlog.next() !== undefined);
  }
  expect(backlog.next()).toEqual({ kind: 'point', at: 1, inputs: [[0, 1000]] })
  backlog.add(Uint8Array.of(2))
  backlog.seek(1, 1, 1e6)
  expect([backlog.next()?.kind, backlog.next()?.kind, backlog.next()]).toEqual(['point', 'item', undefined])
})
