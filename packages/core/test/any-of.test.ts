// Several addresses as one.
import { describe, expect, it } from 'vitest'

import { acceptSessions, anyOf, openSession } from '../src/index.ts'
import { memory, turns } from '../src/testing/index.ts'

async function listening(
  refuses = false,
): Promise<{ transport: ReturnType<typeof memory>; asked: () => number }> {
  const transport = memory()
  let asked = 0
  await acceptSessions(transport, {}, (request) => {
    asked++
    if (refuses) request.refuse()
    else request.accept().listen({})
  })
  return { transport, asked: () => asked }
}

describe('anyOf', () => {
  it('connects to the first that answers, and stays there', async () => {
    const nobody = memory()
    const [a, b] = [await listening(), await listening()]
    const transport = anyOf(nobody, a.transport, b.transport)
    for (let i = 0; i < 3; i++) {
      const session = await openSession(transport)
      session.listen({})
      session.send([Uint8Array.of(1)])
      await session.release()
    }
    expect([a.asked(), b.asked()]).toEqual([3, 0])
  })

  it('goes on to the next when the one that was good is gone, and when it refuses', async () => {
    const [a, b] = [await listening(true), await listening()]
    const transport = anyOf(a.transport, b.transport)
    await expect(openSession(transport)).rejects.toThrow(/refused/)
    await turns()
    const session = await openSession(transport)
    expect([a.asked(), b.asked()]).toEqual([1, 1])
    session.abort()
    b.transport.onConnect = 'refuse'
    await expect(openSession(transport)).rejects.toThrow(/refused/)
    expect(a.asked()).toBe(2)
  })

  it('goes on to the next after an attempt that was given up while nobody answered', async () => {
    const [a, b] = [await listening(), await listening()]
    const transport = anyOf(a.transport, b.transport)
    a.transport.onConnect = 'hang'
    await expect(openSession(transport, { connectTimeout: 20 })).rejects.toMatchObject({ code: 'timeout' })
    const session = await openSession(transport, { connectTimeout: 20 })
    expect([a.asked(), b.asked()]).toEqual([0, 1])
    session.abort()
  })

  it('stays where it was accepted though nothing else was heard before the network failed', async () => {
    const [a, b] = [await listening(), await listening()]
    const transport = anyOf(a.transport, b.transport)
    const session = await openSession(transport)
    session.listen({})
    session.send([Uint8Array.of(1)])
    a.transport.links[0]?.cut()
    await turns()
    ;(await openSession(transport)).abort()
    expect([a.asked(), b.asked()]).toEqual([2, 0])
  })

  it('stays where the newest connection is, however an older one ends', async () => {
    const [a, b] = [await listening(), await listening()]
    const transport = anyOf(a.transport, b.transport)
    const old = await transport.connect()
    old.listen({ data: () => undefined, drained: () => undefined, disconnected: () => undefined })
    await openSession(transport)
    old.close()
    await turns()
    ;(await openSession(transport)).abort()
    expect([a.asked(), b.asked()]).toEqual([2, 0])
  })

  it('rejects with the last error when none answers, and cannot be listened on', async () => {
    const transport = anyOf(memory(), memory())
    await expect(openSession(transport)).rejects.toMatchObject({ code: 'refused' })
    await expect(transport.listen(() => undefined)).rejects.toMatchObject({ code: 'address' })
    expect(() => (anyOf as () => unknown)()).toThrow(RangeError)
  })
})
