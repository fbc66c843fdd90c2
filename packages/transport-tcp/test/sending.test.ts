// How TSDUs are handed to the socket: in how many system calls, and what is copied.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { tcpLimits } from '../src/index.ts'
import { writeTsdu } from '../src/sending.ts'

/** A socket that keeps what each system call would be given. */
function recordingSocket(): { socket: Socket; calls: Uint8Array[][] } {
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
  return { socket: stream as Socket, calls }
}

describe('writeTsdu', () => {
  it('sends what one tick hands over in one system call, and the next tick in another', async () => {
    const { socket, calls } = recordingSocket()
    for (let tick = 0; tick < 3; tick++) {
      for (let number = 0; number < 200; number++) writeTsdu(socket, [Uint8Array.of(number)], 65_405)
      await Promise.resolve()
      writeTsdu(socket, [new Uint8Array(5000), new Uint8Array(100_000)], 65_405)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(calls.length).toBe(3)
  })

  it('sends what one turn of the loop hands over in one system call, if the first is large', async () => {
    const { socket, calls } = recordingSocket()
    const large = new Uint8Array(100_000)
    writeTsdu(socket, [large], 65_405)
    await new Promise<void>((resolve) => process.nextTick(resolve))
    writeTsdu(socket, [Uint8Array.of(1)], 65_405)
    writeTsdu(socket, [large], 65_405)
    await new Promise<void>((resolve) => process.nextTick(resolve))
    expect(calls.length).toBe(0)
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls.length).toBe(1)
  })

  it('does not let a small one wait for the rest of the turn', async () => {
    const { socket, calls } = recordingSocket()
    writeTsdu(socket, [Uint8Array.of(1)], 65_405)
    await new Promise<void>((resolve) => process.nextTick(resolve))
    expect(calls.length).toBe(1)
  })

  it('sends a small one at once that is to leave now, and others with the rest of the tick', async () => {
    const { socket, calls } = recordingSocket()
    writeTsdu(socket, [Uint8Array.of(1)], 65_405, true)
    expect(calls.length).toBe(1)
    writeTsdu(socket, [Uint8Array.of(2)], 65_405)
    writeTsdu(socket, [Uint8Array.of(3)], 65_405)
    expect(calls.length).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls.length).toBe(2)
  })

  it('copies a small TSDU behind its header and passes a large one on as it is', async () => {
    const { socket, calls } = recordingSocket()
    const small = new Uint8Array(tcpLimits.copiedOctets)
    const large = new Uint8Array(tcpLimits.copiedOctets + 1)
    writeTsdu(socket, [small.subarray(1), small.subarray(0, 1)], 65_405)
    writeTsdu(socket, [large], 65_405)
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls.map((call) => call.map(({ length }) => length))).toEqual([
      [small.length + 7, 7, large.length],
    ])
    expect(calls[0]?.[2]?.buffer).toBe(large.buffer)
  })

  it('puts small parts in one piece with the headers around them', async () => {
    const { socket, calls } = recordingSocket()
    const large = Uint8Array.from({ length: 65_500 }, (_, index) => index % 251)
    const tsdu = [Uint8Array.of(1, 0, 1, 0), new Uint8Array(60), large]
    writeTsdu(socket, tsdu, 65_528)
    await new Promise((resolve) => setImmediate(resolve))
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
    const { socket, calls } = recordingSocket()
    const parts = Array.from({ length: 300 }, (_, number) => new Uint8Array(60 + (number % 100)).fill(number))
    writeTsdu(socket, parts, 65_528)
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls.length).toBe(1)
    expect(Buffer.concat(calls.flat()).subarray(7)).toEqual(Buffer.concat(parts))
    expect(calls.flat().length).toBeLessThan(parts.length)
  })

  it('packs small TPDUs into blocks of blockOctets', async () => {
    const { socket, calls } = recordingSocket()
    writeTsdu(socket, [new Uint8Array(125_000)], 125)
    await new Promise((resolve) => setImmediate(resolve))
    const { blockOctets } = tcpLimits
    const lengths = calls[0]?.map(({ length }) => length)
    expect(lengths).toEqual([blockOctets, blockOctets, 1000 * (125 + 7) - 2 * blockOctets])
  })

  it('says when the socket will emit drain', async () => {
    const { socket } = recordingSocket()
    expect(writeTsdu(socket, [new Uint8Array(100)], 65_405)).toBe(true)
    expect(writeTsdu(socket, [new Uint8Array(100_000)], 65_405)).toBe(false)
    await once(socket, 'drain')
    expect(writeTsdu(socket, [], 65_405)).toBe(true)
  })
})
