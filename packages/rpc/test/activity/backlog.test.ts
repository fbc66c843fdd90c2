// What an activity keeps until the other side has had it, by itself.
import { expect, it } from 'vitest'
import { Backlog } from '../../src/activity/backlog.ts'

it('gives items that are made again to whoever has not had them, though somebody else had', () => {
  const backlog = new Backlog(10)
  backlog.seek(13, 1e6)
  backlog.seek(11, 1e6)
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
  backlog.seek(1, 1e6)
  expect([backlog.next()?.kind, backlog.next()?.kind, backlog.next()]).toEqual(['point', 'item', undefined])
})
