// SHA-256 and randomness of the platform, in Node and as a browser has them.
import { systemDigest, systemRandom } from '@parley/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => vi.restoreAllMocks())

/** FIPS 180-4, of "abc". */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

async function digestOf(text: string, digestBy = systemDigest): Promise<string> {
  const digest = await digestBy(new TextEncoder().encode(text))
  expect(digest.constructor).toBe(Uint8Array)
  return Buffer.from(digest).toString('hex')
}

describe('the digest', () => {
  it("is SHA-256 by Node's own", async () => {
    const web = vi.spyOn(crypto.subtle, 'digest')
    expect(await digestOf('abc')).toBe(abc)
    expect(web).not.toHaveBeenCalled()
  })

  it('is SHA-256 by WebCrypto where there is no Node', async () => {
    const web = vi.spyOn(crypto.subtle, 'digest')
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    vi.resetModules()
    expect(await digestOf('abc', (await import('@parley/core')).systemDigest)).toBe(abc)
    expect(web).toHaveBeenCalledOnce()
  })
})

describe('randomness', () => {
  it('differs each time, whatever is taken from the stock, and over its end', () => {
    const given = Array.from({ length: 400 }, () => String(systemRandom(new Uint8Array(32))))
    expect(new Set(given).size).toBe(given.length)
  })

  it('fills what is given, all of it, of any length', () => {
    for (const length of [1, 3, 16, 256, 257, 65_536]) {
      const bytes = new Uint8Array(length)
      expect(systemRandom(bytes)).toBe(bytes)
      if (length > 8) expect(bytes.subarray(-8).some((octet) => octet !== 0)).toBe(true)
    }
  })
})
