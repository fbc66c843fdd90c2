// When a ballast is carried, and what it does to a process that receives large TSDUs.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Ballast } from '../src/ballast.ts'
import { tcpLimits } from '../src/index.ts'

const { ballastCollections, ballastOctets, ballastPatience, ballastRenewed, ballastTrial } = tcpLimits
const looks = ballastTrial / ballastRenewed

/** A process whose heap is collected so often in each trial, by whether it carries a ballast. */
class Receiver {
  #collected = 0
  readonly ballast = new Ballast(() => this.#collected)

  /** Receives for some trials; returns in how many of them it carried a ballast to the end. */
  trials(count: number, collections: (carried: boolean) => number): number {
    let carried = 0
    for (let trial = 0; trial < count; trial++) {
      this.#collected += collections(this.ballast.isCarried)
      if (this.ballast.isCarried) carried += 1
      for (let look = 0; look < looks; look++) this.ballast.received(ballastRenewed)
    }
    return carried
  }
}

describe('a ballast', () => {
  it('is a single buffer, and takes no memory', () => {
    const before = process.memoryUsage()
    const receiver = new Receiver()
    receiver.trials(4, (carried) => (carried ? 0 : 8))
    expect(receiver.ballast.isCarried).toBe(true)
    const { arrayBuffers, rss } = process.memoryUsage()
    expect(arrayBuffers - before.arrayBuffers).toBeGreaterThan(0.5 * ballastOctets)
    expect(arrayBuffers - before.arrayBuffers).toBeLessThan(1.5 * ballastOctets)
    expect(rss - before.rss).toBeLessThan(0.5 * ballastOctets)
    receiver.trials(1, () => 20)
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(0.5 * ballastOctets)
  })

  it('is not carried where the whole heap is seldom collected', () => {
    expect(new Receiver().trials(20, () => ballastCollections - 1)).toBe(0)
  })

  it('is carried from the first trial on, where it halves the collections', () => {
    expect(new Receiver().trials(20, (carried) => (carried ? 4 : 8))).toBe(19)
  })

  it('is put down where it does not, and tried again ever more seldom', () => {
    const receiver = new Receiver()
    expect(receiver.trials(2 + ballastPatience, (carried) => (carried ? 5 : 8))).toBe(1)
    expect(receiver.trials(2 + 2 * ballastPatience, (carried) => (carried ? 5 : 8))).toBe(1)
    expect(receiver.trials(2 * ballastPatience, (carried) => (carried ? 5 : 8))).toBe(1)
  })

  it('is put down when it helps no more, and carried again when it does', () => {
    const receiver = new Receiver()
    expect(receiver.trials(10, (carried) => (carried ? 0 : 8))).toBe(9)
    expect(receiver.trials(1, () => 20)).toBe(1)
    expect(receiver.trials(ballastPatience + 11, (carried) => (carried ? 0 : 8))).toBe(10)
  })
})

describe.runIf(/^1[12]\./.test(process.versions.v8))('a process that receives large TSDUs', () => {
  /** How often its whole heap is collected while 2 GiB come in, in TSDUs of this length, some kept. */
  async function collections(length: number, kept: number, engine: 'this' | 'another'): Promise<number> {
    const program = fileURLToPath(new URL('ballast/receiving.ts', import.meta.url))
    // Growing by 40 % is what V8 comes to for such a heap in a process that has run for long.
    const options = ['--expose-gc', '--heap-growing-percent=40', '--conditions=@parley/source']
    const args = ['--import', '@oxc-node/core/register', program, String(length), String(kept), engine]
    const { stdout } = await promisify(execFile)(process.execPath, [...options, ...args])
    return Number(stdout)
  }

  it('collects its whole heap much more seldom where a ballast helps', async () => {
    const without = await collections(64 * 1024, 0, 'another')
    expect(without).toBeGreaterThan(25)
    expect(await collections(64 * 1024, 0, 'this')).toBeLessThan(0.75 * without)
  })

  it('does not do so much more often where it does not', async () => {
    // Carried all the time it would be more than 80 times.
    expect(await collections(1024 * 1024, 10, 'this')).toBeLessThan(70)
  })
})
