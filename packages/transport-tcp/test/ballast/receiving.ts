// A process with some megabytes of its own that reads 2 GiB of large TSDUs: `receiving.ts LENGTH KEPT
// ENGINE`. It keeps the last so many of them. Prints how often V8 collected its whole heap meanwhile. On
// `another` engine it takes itself for one that needs no ballast.
import {
  constants,
  PerformanceObserver,
  type PerformanceEntry,
  type NodeGCPerformanceDetail,
} from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'

const [length = 0, kept = 0] = process.argv.slice(2, 4).map(Number)
if (process.argv[4] === 'another') {
  Object.defineProperty(process, 'versions', { value: { ...process.versions, v8: '0' } })
}
const { HEADER_LENGTH, TsduReader, writeHeader } = await import('../../src/framing.ts')
const { tcpLimits } = await import('../../src/index.ts')

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
const last: Uint8Array[] = []
const reader = new TsduReader(
  {
    receiving: true,
    maxTsduLength: tcpLimits.tsduOctets,
    tsdu: (tsdu) => {
      octets += tsdu.length
      last.push(tsdu)
      if (last.length > kept) last.shift()
    },
    control: () => undefined,
    garbled: (what) => {
      throw new Error(what)
    },
  },
  tcpLimits.tpduOctets,
)
reader.connected = true

/** A DT as it comes from a socket: in memory of its own. */
function dt(isLast: boolean): Uint8Array {
  const size = 32 * 1024
  const chunk = Buffer.allocUnsafeSlow(HEADER_LENGTH + size).fill(1)
  writeHeader(chunk, 0, size, isLast)
  return chunk
}

for (let n = 1; octets < 2 ** 31; n++) {
  reader.read(dt((n * 32 * 1024) % length === 0))
  if (n % 32 === 0) await setImmediate()
}
console.log(collected)
// Held until here.
if (own.length === 0) throw new Error('nothing of its own')
