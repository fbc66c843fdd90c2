// A tap's sink for people: one line per TSDU, connection and end. Never prints octets of the peer's
// unescaped.
import { describe } from '../spdu/index.ts'
import type { TapEvent, TapSink } from './tap.ts'

/**
 * Prints a line for each event, without a line break:
 *
 *        0.0 ms  #1 connected to tcp 127.0.0.1:4000
 *        0.4 ms  #1 -> CN ...
 *
 * The time counts from the first event; `->` is sent, `<-` received, `!` marks expedited data.
 */
export function text(print: (line: string) => void): TapSink {
  let start: number | undefined
  return {
    event: (event) => {
      start ??= event.at
      const time = (event.at - start).toFixed(1).padStart(9)
      print(`${time} ms  #${event.connection} ${words(event)}`)
    },
  }
}

function words(event: TapEvent): string {
  if (event.type === 'connected') {
    return `${event.role === 'initiator' ? 'connected to' : 'connection from'} ${event.remote}`
  }
  if (event.type === 'ended') return `ended by ${event.loss.by}: ${event.loss.message}`
  return `${event.direction === 'sent' ? '->' : '<-'}${event.expedited ? '!' : ''} ${describe(event.tsdu)}`
}
