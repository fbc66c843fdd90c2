// What receiving large TSDUs costs a process in garbage collection, and the memory that this is bought with.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { carryBallast } from '../src/ballast.ts'
import { tcpLimits } from '../src/index.ts'

const { ballastOctets, ballastRenewed } = tcpLimits
/** The engines it is made for: Node 20 to 23. */
const needed = /^1[12]\./.test(process.versions.v8)

describe.runIf(needed)('the ballast', () => {
  it('is there after ballastRenewed octets, and stays a single one', () => {
    const before = process.memoryUsage().arrayBuffers
    const grown = (): number => process.memoryUsage().arrayBuffers - before
    carryBallast(ballastRenewed - 1)
    expect(grown()).toBeLessThan(ballastOctets / 2)
    carryBallast(1)
    expect(grown()).toBeGreaterThan(ballastOctets / 2)
    for (let renewed = 0; renewed < 100; renewed++) carryBallast(ballastRenewed)
    expect(grown()).toBeGreaterThan(ballastOctets / 2)
    expect(grown()).toBeLessThan(1.5 * ballastOctets)
  })

  it('takes no memory', () => {
    carryBallast(ballastRenewed)
    const before = process.memoryUsage().rss
    for (let renewed = 0; renewed < 100; renewed++) carryBallast(ballastRenewed)
    expect(process.memoryUsage().rss - before).toBeLessThan(ballastOctets / 2)
  })

  it('keeps V8 from collecting the whole heap again and again while large TSDUs come in', async () => {
    const program = fileURLToPath(new URL('ballast/receiving.ts', import.meta.url))
    // Growing by 40 % is what V8 comes to for such a heap in a process that has run for long.
    const engine = ['--expose-gc', '--heap-growing-percent=40']
    const options = ['--conditions=@parley/source', '--import', '@oxc-node/core/register']
    const { stdout } = await promisify(execFile)(process.execPath, [...engine, ...options, program])
    // Without the ballast it is once for nearly each 32 MiB: some 40 times.
    expect(Number(stdout)).toBeLessThan(10)
  })
})
