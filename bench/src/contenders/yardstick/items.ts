// A stream of small objects going out, in either direction: one message per item, as fast as the socket takes
// them.
import { small } from '../../contender.ts'
import { type Link, kinds } from './link.ts'

/** Sends `count` items and the end of stream `id`, stopping whenever the socket is full. */
export function sendItems(link: Link, id: number, count: number): void {
  let next = 0
  const more = (): void => {
    while (next < count) {
      link.send([id, kinds.item, small(next++)])
      if (link.isHalfFull && !link.flush()) {
        link.socket.once('drain', more)
        return
      }
    }
    link.send([id, kinds.end, undefined])
  }
  more()
}
