// Several addresses as one.
import { describe, expect, it } from 'vitest'

import { acceptSessions, anyOf, anyOfWith, coreLimits, openSession } from '../src/index.ts'
import { memory, turns, VirtualClock } from '../src/testing/index.ts'

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
    for (const said of [1, 0]) {
      const session = await openSession(transport)
      session.listen({})
      if (said > 0) session.send([Uint8Array.of(1)])
      a.transport.links.at(-1)?.cut()
      await turns()
    }
    ;(await openSession(transport)).abort()
    expect([a.asked(), b.asked()]).toEqual([3, 0])
  })

  it('stays where somebody hung up before there was time for an answer, but not twice', async () => {
    const clock = new VirtualClock()
    const [a, b] = [memory({ clock }), await listening()]
    let asked = 0
    await acceptSessions(a, { clock }, () => void asked++)
    const transport = anyOfWith({ clock }, a, b.transport)
    const given = (): Promise<unknown> =>
      openSession(transport, { connectTimeout: 900, clock }).catch(() => 0)
    for (const expected of [1, 2, 2]) {
      const attempt = given()
      await clock.advanceAsync(900)
      await attempt
      expect(asked).toBe(expected)
    }
    expect(b.asked()).toBe(1)
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

  it('tries the next beside one that is silent for addressPatience, and takes who is first', async () => {
    const clock = new VirtualClock()
    const [a, b] = [await listening(), await listening()]
    const transport = anyOfWith({ clock }, a.transport, b.transport)
    a.transport.onConnect = 'hang'
    const opening = openSession(transport, { clock })
    await clock.advanceAsync(coreLimits.addressPatience - 1)
    expect(b.asked()).toBe(0)
    await clock.advanceAsync(1)
    ;(await opening).abort()
    expect([a.asked(), b.asked()]).toEqual([0, 1])
    // It has proved good: the other one is not tried again.
    ;(await openSession(transport, { clock })).abort()
    expect(b.asked()).toBe(2)
  })

  it('keeps to the one that was good when that answers first after all, and gives the other up', async () => {
    const clock = new VirtualClock()
    const late = (milliseconds: number) => memory({ clock, delay: () => milliseconds })
    const [a, b] = [late(600), late(900)]
    const asked = [0, 0]
    for (const [n, one] of [a, b].entries())
      await acceptSessions(one, { clock }, (request) => {
        asked[n] = (asked[n] ?? 0) + 1
        request.accept().listen({})
      })
    const transport = anyOfWith({ clock, patience: 100 }, a, b)
    const opening = openSession(transport, { clock })
    await clock.advanceAsync(5000)
    ;(await opening).abort()
    expect(asked).toEqual([1, 0])
    await clock.advanceAsync(5000)
    expect(b.links).toEqual([])
  })

  it('gives up all that were being waited for when it is aborted', async () => {
    const clock = new VirtualClock()
    const [a, b, c] = [await listening(), await listening(), await listening()]
    const transport = anyOfWith({ clock, patience: 100 }, a.transport, b.transport, c.transport)
    a.transport.onConnect = b.transport.onConnect = 'hang'
    const opening = openSession(transport, { clock, connectTimeout: 150 })
    const failed = opening.catch((error: unknown) => error)
    await clock.advanceAsync(150)
    expect(await failed).toMatchObject({ code: 'timeout' })
    clock.expectNothingLeft()
    expect(c.asked()).toBe(0)
  })

  it('goes on to the next when one throws instead of rejecting while another is waited for', async () => {
    const clock = new VirtualClock()
    const [silent, good] = [await listening(), await listening()]
    silent.transport.onConnect = 'hang'
    const broken = memory()
    broken.connect = () => {
      throw new Error('broken')
    }
    const transport = anyOfWith({ clock }, silent.transport, broken, good.transport)
    const opening = openSession(transport, { clock })
    await clock.advanceAsync(coreLimits.addressPatience)
    ;(await opening).abort()
    expect(good.asked()).toBe(1)
  })

  it('takes no patience that is none', () => {
    expect(() => anyOfWith({ patience: 0 }, memory())).toThrow(RangeError)
  })

  it('rejects with the last error when none answers, and cannot be listened on', async () => {
    const transport = anyOf(memory(), memory())
    await expect(openSession(transport)).rejects.toMatchObject({ code: 'refused' })
    await expect(transport.listen(() => undefined)).rejects.toMatchObject({ code: 'address' })
    expect(() => (anyOf as () => unknown)()).toThrow(RangeError)
  })
})
