// Dead buffers collected while they are few, where that saves collections of the whole heap.
//
// V8, as in Node 20 to 23, collects the young generation when 32 MiB of buffers are in it. It frees them in
// the background, but judges before they are gone whether the whole heap has to be collected next. A heap of
// more than 8 MB often looks too full then, and the process collects everything again and again for as long
// as it receives large messages. A ballast is a young buffer that nobody writes to, so it takes no memory. V8
// counts it all the same and collects sooner; and as it is there before and after each collection, it does
// not look like growth.
//
// Sooner is not always better: what lives for longer than the few MiB that are left grows old, and then the
// whole heap is collected for that. So a ballast is carried only while it halves those collections at least.
import { detach } from './detach.ts'
import { tcpLimits } from './limits.ts'

/** Decides whether to carry a ballast, and keeps it young. */
export class Ballast {
  readonly #collections: () => number
  #buffer: ArrayBuffer | undefined
  /** Octets received since the last look. */
  #octets = 0
  /** Octets received in this trial, and the collections of the whole heap before it. */
  #tried = 0
  #before: number
  /** Collections in a trial without a ballast; undefined while there is none. */
  #without: number | undefined
  /** Trials to let pass before the next one with a ballast, and after one that was in vain. */
  #waits = 0
  #patience = tcpLimits.ballastPatience

  /** `collections` says how often the whole heap was collected so far. */
  constructor(collections: () => number = wholeHeapCollections) {
    this.#collections = collections
    this.#before = collections()
  }

  /** True while there is one. */
  get isCarried(): boolean {
    return this.#buffer !== undefined
  }

  /** So many octets of large TSDUs were received. */
  received(octets: number): void {
    this.#octets += octets
    if (this.#octets < tcpLimits.ballastRenewed) return
    this.#tried += this.#octets
    this.#octets = 0
    if (this.#tried >= tcpLimits.ballastTrial) this.#judge()
    if (this.#without !== undefined) this.#renew()
  }

  #judge(): void {
    const all = this.#collections()
    const collections = all - this.#before
    this.#before = all
    this.#tried = 0
    if (this.#without === undefined) {
      if (this.#waits > 0) this.#waits -= 1
      else if (collections >= tcpLimits.ballastCollections) this.#without = collections
    } else if (collections * 2 > this.#without) {
      this.#without = undefined
      this.#waits = this.#patience
      this.#patience *= 2
      this.#replaceBy(undefined)
    }
  }

  /** Two collections make a buffer old, and old ones do not count. */
  #renew(): void {
    try {
      this.#replaceBy(Buffer.allocUnsafeSlow(tcpLimits.ballastOctets).buffer)
    } catch {
      // No room even for memory that is not used: then there are other troubles, and no need of this one.
      this.#without = undefined
      this.#waits = Infinity
    }
  }

  /** The new one is there already: without any, V8 would take the next for growth. */
  #replaceBy(buffer: ArrayBuffer | undefined): void {
    const old = this.#buffer
    this.#buffer = buffer
    if (old !== undefined) detach(old)
  }
}

/** So many octets of large TSDUs were received by this process. */
export function carryBallast(octets: number): void {
  if (!helps) return
  ballast ??= new Ballast()
  ballast.received(octets)
}

/** The engines whose rules are those above, where memory that nobody writes to is not used. */
const helps = ((): boolean => {
  const { versions, arch, execArgv, env } = process
  const options = [...execArgv, env['NODE_OPTIONS'] ?? '']
  const isFilled = options.some((option) => option.includes('zero-fill-buffers'))
  const is64Bit = arch === 'x64' || arch === 'arm64'
  return /^1[12]\./.test(versions.v8) && !('electron' in versions) && is64Bit && !isFilled
})()

let ballast: Ballast | undefined

let collected = 0
/** Nobody else has what it watches, and only a collection of the whole heap finds that out. */
let watcher: FinalizationRegistry<undefined> | undefined

function wholeHeapCollections(): number {
  if (watcher === undefined) {
    watcher = new FinalizationRegistry(() => {
      collected += 1
      watcher?.register({}, undefined)
    })
    watcher.register({}, undefined)
  }
  return collected
}
