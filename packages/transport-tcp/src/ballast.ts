// Dead buffers collected while they are few.
//
// V8, as in Node 20 to 23, collects the young generation when 32 MiB of buffers are in it. It frees them in
// the background, but judges before they are gone whether the whole heap has to be collected next. A heap of
// more than 8 MB looks too full then, so a process that receives large messages would collect everything for
// each 32 MiB of them, for as long as it lives. A ballast is a young buffer that nobody writes to, so it
// takes no memory. V8 counts it all the same and collects sooner; and as it is there before and after each
// collection, it does not look like growth.
import { detach } from './detach.ts'
import { tcpLimits } from './limits.ts'

/**
 * So many octets of large TSDUs were received. Renews the ballast every `ballastRenewed` octets: two
 * collections make a buffer old. Does nothing on an engine that judges otherwise.
 */
export function carryBallast(octets: number): void {
  carried += octets
  if (carried < tcpLimits.ballastRenewed || !judgesTooSoon) return
  carried = 0
  const old = ballast
  // The new one first: without any, V8 would take the next for growth.
  ballast = Buffer.allocUnsafeSlow(tcpLimits.ballastOctets).buffer
  if (old !== undefined) detach(old)
}

let ballast: ArrayBuffer | undefined
/** Octets received since the ballast was renewed. */
let carried = 0

/** V8 11 and 12 are the engines of Node 20 to 23. */
const judgesTooSoon = /^1[12]\./.test(process.versions.v8)
