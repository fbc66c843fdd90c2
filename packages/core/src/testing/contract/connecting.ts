// The transport contract: reaching an address and offering one.
import { TransportError, type TransportConnection } from '../../ports/transport.ts'
import type { ContractTests } from './rig.ts'
import { turns } from '../turns.ts'

export const connecting: ContractTests = {
  'names the address and both ends': async (rig, expect) => {
    const { a, b } = await rig.pair()
    for (const words of [rig.listening.address, a.connection.remote, b.connection.remote]) {
      expect(words.length > 0).toBe(true)
    }
    expect(a.connection.expedited).toBe(b.connection.expedited)
  },

  'offers each connection once, and keeps them apart': async (rig, expect) => {
    const pairs = []
    for (let number = 0; number < 8; number++) pairs.push(await rig.pair())
    for (const [number, { a }] of pairs.entries()) a.connection.send([Uint8Array.of(number)])
    for (const [number, { b }] of pairs.entries()) {
      await b.count(1)
      expect(b.received).toEqual([Uint8Array.of(number)])
    }
  },

  'opens many connections at once': async (rig, expect) => {
    const connections = await Promise.all(Array.from({ length: 50 }, () => rig.dialer.connect()))
    const ends = connections.map((connection) => rig.record(connection).start())
    for (const end of ends) end.connection.send([Uint8Array.of(1, 2, 3)])
    for (let arrived = 0; arrived < 50; arrived++) {
      const end = rig.record(await rig.accepted()).start()
      await end.count(1)
      expect(end.received).toEqual([Uint8Array.of(1, 2, 3)])
    }
  },

  'refuses a second offer of the same address': async (rig, expect) => {
    const again = rig.dialer === rig.transport ? rig.transport : rig.dialer
    expect(await codeOf(again.listen(() => {}))).toBe('address')
  },

  'reaches nobody when nobody listens, and leaves open connections alone': async (rig, expect) => {
    const { a, b } = await rig.pair()
    await rig.listening.close()
    const code = await codeOf(rig.dialer.connect())
    expect(code === 'refused' || code === 'unreachable').toBe(true)
    a.connection.send([Uint8Array.of(7)])
    await b.count(1)
    expect(b.received).toEqual([Uint8Array.of(7)])
  },

  'can be offered again': async (rig, expect) => {
    await rig.listening.close()
    const arrived: TransportConnection[] = []
    const again = await rig.dialer.listen((connection) => arrived.push(connection))
    rig.record(await rig.dialer.connect()).start()
    while (arrived.length === 0) await turns()
    for (const connection of arrived) rig.record(connection).start()
    expect(arrived.length).toBe(1)
    await again.close()
  },

  'gives up connecting when the signal says so': async (rig, expect) => {
    expect(await codeOf(rig.dialer.connect(abortedSignal))).toBe('aborted')
  },
}

const abortedSignal = { aborted: true, addEventListener: () => {}, removeEventListener: () => {} }

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'none'
  } catch (error) {
    return error instanceof TransportError ? error.code : String(error)
  }
}
