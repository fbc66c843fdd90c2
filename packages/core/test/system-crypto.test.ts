// SHA-256 and randomness of the platform, in Node and as a browser has them.
import { systemDigest, systemRandom } from '@parley/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => vi.restoreAllMocks())

/** FIPS 180-4, of "abc". */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

async function digestOf(text: string): Promise<string> {
  const digest = await systemDigest(new TextEncoder().encode(text))
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
    expect(await digestOf('abc')).toBe(abc)
    expect(web).toHaveBeenCalledOnce()
  })
})

it('randomness differs each time', () => {
  const [one, other] = [systemRandom(new Uint8Array(32)), systemRandom(new Uint8Array(32))]
  expect(one).not.toEqual(other)
})
