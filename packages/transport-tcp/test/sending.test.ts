// How TSDUs are handed to the socket: in how many system calls, and what is copied.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { tcpLimits } from '../src/index.ts'
import { Sender } from '../src/sending.ts'

/** A socket that keeps what each system call would be given. */
function recording(): { sender: Sender; socket: Socket; calls: Uint8Array[][] } {
  const calls: Uint8Array[][] = []
  const stream = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      calls.push([chunk])
      done()
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => chunk as Uint8Array))
      done()
    },
  })
  const socket = stream as Socket
  return { sender: new Sender(socket), socket, calls }
}

/** What was asked for the end of this tick is done. */
function tick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

/** The same for this turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('a sender', () => {
  it('sends what one tick hands over in one system call, and the next tick in another', async () => {
    const { sender, calls } = recording()
    for (let tick = 0; tick < 3; tick++) {
      for (let number = 0; number < 200; number++) sender.send([Uint8Array.of(number)], 65_405)
      await Promise.resolve()
      sender.send([new Uint8Array(5000), new Uint8Array(100_000)], 65_405)
      await turn()
    }
    expect(calls.length).toBe(3)
  })

  describe('while a full socket is read piece by piece', () => {
    const full = 64 * 1024
    const large = new Uint8Array(40_000)

    it('sends answers of several reads in one system call', async () => {
      const { sender, calls } = recording()
      sender.hasRead(full)
      sender.send([large], 65_405)
      await tick()
      sender.hasRead(full)
      sender.send([Uint8Array.of(1)], 65_405)
      sender.send([large], 65_405)
      await tick()
      expect(calls.length).toBe(0)
      await turn()
      expect(calls.length).toBe(1)
    })

    it('waits no longer than for the last of them', async () => {
      const { sender, calls } = recording()
      sender.hasRead(full)
      sender.send([large], 65_405)
      await tick()
      expect(calls.length).toBe(0)
      sender.hasRead(full - 1)
      sender.send([large], 65_405)
      await tick()
      expect(calls.length).toBe(1)
      sender.send([large], 65_405)
      await tick()
      expect(calls.length).toBe(2)
    })

    it('gathers up to gatheredOctets, and then lets them leave', async () => {
      const { sender, calls } = recording()
      const half = new Uint8Array(tcpLimits.gatheredOctets / 2)
      sender.hasRead(full)
      sender.send([half], 65_528)
      expect(calls.length).toBe(0)
      sender.send([half], 65_528)
      expect(calls.length).toBe(1)
      expect(Buffer.concat(calls.flat()).length).toBe(tcpLimits.gatheredOctets + 4 * 7)
      sender.send([half], 65_528)
      await turn()
      expect(calls.length).toBe(2)
    })

    it('is over when the turn is', async () => {
      const { sender, calls } = recording()
      sender.hasRead(full)
      sender.send([large], 65_405)
      await turn()
      expect(calls.length).toBe(1)
      sender.send([large], 65_405)
      await tick()
      expect(calls.length).toBe(2)
    })

    it('does not let a small one wait by itself', async () => {
      const { sender, calls } = recording()
      sender.hasRead(full)
      sender.send([Uint8Array.of(1)], 65_405)
      await tick()
      expect(calls.length).toBe(1)
    })
  })

  it('sends a small one at once that is to leave now, and others with the rest of the tick', async () => {
    const { sender, calls } = recording()
    sender.send([Uint8Array.of(1)], 65_405, true)
    expect(calls.length).toBe(1)
    sender.send([Uint8Array.of(2)], 65_405)
    sender.send([Uint8Array.of(3)], 65_405)
    expect(calls.length).toBe(1)
    await turn()
    expect(calls.length).toBe(2)
  })

  it('copies a small TSDU behind its header and passes a large one on as it is', async () => {
    const { sender, calls } = recording()
    const small = new Uint8Array(tcpLimits.copiedOctets)
    const large = new Uint8Array(tcpLimits.copiedOctets + 1)
    sender.send([small.subarray(1), small.subarray(0, 1)], 65_405)
    sender.send([large], 65_405)
    await turn()
    expect(calls.map((call) => call.map(({ length }) => length))).toEqual([
      [small.length + 7, 7, large.length],
    ])
    expect(calls[0]?.[2]?.buffer).toBe(large.buffer)
  })

  it('puts small parts in one piece with the headers around them', async () => {
    const { sender, calls } = recording()
    const large = Uint8Array.from({ length: 65_500 }, (_, index) => index % 251)
    const tsdu = [Uint8Array.of(1, 0, 1, 0), new Uint8Array(60), large]
    sender.send(tsdu, 65_528)
    await turn()
    const room = 65_528 - 64
    expect(calls.map((call) => call.map(({ length }) => length))).toEqual([
      [71, room, 7 + large.length - room],
    ])
    expect(calls[0]?.[1]?.buffer).toBe(large.buffer)
    const octets = Buffer.concat(calls.flat())
    expect(octets.subarray(0, 11)).toEqual(Buffer.from([3, 0, 0xff, 0xff, 2, 0xf0, 0, 1, 0, 1, 0]))
    const second = 7 + 65_528
    expect(octets.subarray(second, second + 7)).toEqual(Buffer.from([3, 0, 0, 43, 2, 0xf0, 0x80]))
    expect(Buffer.concat([octets.subarray(71, second), octets.subarray(second + 7)])).toEqual(
      Buffer.from(large),
    )
  })

  it('puts any number of small parts together in order', async () => {
    const { sender, calls } = recording()
    const parts = Array.from({ length: 300 }, (_, number) => new Uint8Array(60 + (number % 100)).fill(number))
    sender.send(parts, 65_528)
    await turn()
    expect(calls.length).toBe(1)
    expect(Buffer.concat(calls.flat()).subarray(7)).toEqual(Buffer.concat(parts))
    expect(calls.flat().length).toBeLessThan(parts.length)
  })

  it('packs small TPDUs into blocks of blockOctets', async () => {
    const { sender, calls } = recording()
    sender.send([new Uint8Array(125_000)], 125)
    await turn()
    const { blockOctets } = tcpLimits
    const lengths = calls[0]?.map(({ length }) => length)
    expect(lengths).toEqual([blockOctets, blockOctets, 1000 * (125 + 7) - 2 * blockOctets])
  })

  it('says when the socket will emit drain', async () => {
    const { sender, socket } = recording()
    expect(sender.send([new Uint8Array(100)], 65_405)).toBe(true)
    expect(sender.send([new Uint8Array(100_000)], 65_405)).toBe(false)
    await once(socket, 'drain')
    expect(sender.send([], 65_405)).toBe(true)
  })
})
