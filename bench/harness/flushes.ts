// What the disk does by itself, to hold against what a store gets out of it.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Small writes a second to a file in this folder, each with a flush of its own. Takes half a second. */
export function flushesPerSecond(folder: string, octets: Uint8Array): number {
  const file = openSync(join(folder, 'flushes'), 'w')
  let count = 0
  const from = performance.now()
  for (; performance.now() - from < 500; count++) {
    writeSync(file, octets)
    fsyncSync(file)
  }
  closeSync(file)
  return (count * 1000) / (performance.now() - from)
}
