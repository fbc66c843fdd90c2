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
