// A process with some megabytes of its own that reads 2 GiB of large TSDUs. Prints how often V8 collected its
// whole heap meanwhile.
import {
  constants,
  PerformanceObserver,
  type PerformanceEntry,
  type NodeGCPerformanceDetail,
} from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { TsduReader, writeHeader, HEADER_LENGTH, type FrameSink } from '../../src/framing.ts'
import { tcpLimits } from '../../src/index.ts'

const own = Array.from({ length: 60_000 }, (_, n) => ({ n, list: [n], name: `number ${n}` }))

// V8 sets its limit by how fast the heap grew since the last collection: not at all, as in a process that has
// run for long.
globalThis.gc?.()

let collected = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const { kind } = (entry as PerformanceEntry & { readonly detail: NodeGCPerformanceDetail }).detail
    if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) collected += 1
  }
}).observe({ entryTypes: ['gc'] })

let octets = 0
const sink: FrameSink = {
  receiving: true,
  maxTsduLength: tcpLimits.tsduOctets,
  tsdu: (tsdu) => (octets += tsdu.length),
  control: () => undefined,
  garbled: (what) => {
    throw new Error(what)
  },
}
const reader = new TsduReader(sink, tcpLimits.tpduOctets)
reader.connected = true

/** A DT as it comes from a socket: in memory of its own. */
function dt(length: number, last: boolean): Uint8Array {
  const chunk = Buffer.allocUnsafeSlow(HEADER_LENGTH + length).fill(1)
  writeHeader(chunk, 0, length, last)
  return chunk
}

for (let n = 0; octets < 2 ** 31; n++) {
  reader.read(dt(32 * 1024, false))
  reader.read(dt(32 * 1024, true))
  if (n % 16 === 0) await setImmediate()
}
console.log(collected)
// Held until here.
if (own.length === 0) throw new Error('nothing of its own')
