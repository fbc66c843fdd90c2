// The capture files that a tap writes: right to the last checksum, and what tshark makes of them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TapEvent, tap } from '@parley/core'
import { memory, Recorder, seeded } from '@parley/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import vectors from '../../core/test/fixtures/vectors.json' with { type: 'json' }
import { pcap, tcpLimits } from '../src/index.ts'
import { hex, toHex } from './raw.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-pcap-'))
let files = 0

afterAll(() => rmSync(folder, { recursive: true }))

function newFile(): string {
  return join(folder, `${files++}.pcap`)
}

/**
 * What crossed, from whom, and the types that tshark shows for it: category 0 first where SPDUs are
 * concatenated.
 */
const DIALOGUE: readonly (readonly [
  by: 'initiator' | 'acceptor',
  vector: keyof typeof vectors,
  types: string,
])[] = [
  ['initiator', 'CN', '13'],
  ['acceptor', 'AC', '14'],
  ['initiator', 'DT', '1,1'],
  ['acceptor', 'GT-with-token+DT', '1,1'],
  ['initiator', 'MIP', '1,49'],
  ['acceptor', 'MIA', '2,50'],
  ['initiator', 'DT-seg-begin', '1,1'],
  ['initiator', 'DT-seg-end', '1,1'],
  ['initiator', 'AS', '1,45'],
  ['initiator', 'MAP', '1,41'],
  ['acceptor', 'MAA', '2,42'],
  ['initiator', 'PT', '2'],
  ['initiator', 'RS-set', '1,53'],
  ['acceptor', 'RA', '2,34'],
  ['initiator', 'FN', '9'],
  ['acceptor', 'DN', '10'],
]

describe('pcap', () => {
  it('writes packets that carry the TSDUs in TPKTs, with right checksums and sequence numbers', async () => {
    const file = newFile()
    const random = seeded(8)
    const sent = [1, 2, 8189, 8190, 30_000, 3].map(random.bytes)
    const answered = [5, 20_000].map(random.bytes)
    await capture(file, async (a, b) => {
      for (const tsdu of sent) a.connection.send([tsdu.subarray(0, 1), tsdu.subarray(1)])
      await b.count(sent.length)
      for (const tsdu of answered) b.connection.send([tsdu])
      await a.count(answered.length)
    })
    const streams = streamsOf(readFileSync(file))
    expect([...streams.keys()]).toEqual(['192.0.2.1:49153', '192.0.2.2:102'])
    expect(tpdusOf(streams.get('192.0.2.1:49153'))).toEqual(['09e00000000100c0010d', ...dts(sent)])
    expect(tpdusOf(streams.get('192.0.2.2:102'))).toEqual(['09d00001000100c0010d', ...dts(answered)])
  })

  it('gives the accepting side the chosen port, whoever is tapped', () => {
    const file = newFile()
    const sink = pcap(file, { port: 4000 })
    sink.event({ type: 'connected', connection: 1, at: 0, role: 'acceptor', remote: '' })
    sink.event({
      type: 'data',
      connection: 1,
      at: 1,
      direction: 'received',
      tsdu: hex('0d00'),
      expedited: false,
    })
    sink.close()
    expect(tpdusOf(streamsOf(readFileSync(file)).get('192.0.2.1:49153'))[1]).toBe('02f0800d00')
    expect([...streamsOf(readFileSync(file)).keys()]).toContain('192.0.2.2:4000')
  })

  it('is complete after each event, and deaf after close', () => {
    const file = newFile()
    const sink = pcap(file)
    const lengths: number[] = []
    const data: TapEvent = {
      type: 'data',
      connection: 1,
      at: 1,
      direction: 'sent',
      tsdu: hex('41'),
      expedited: false,
    }
    const connected: TapEvent = { type: 'connected', connection: 1, at: 0, role: 'initiator', remote: '' }
    const unknown: TapEvent = { ...data, connection: 7 }
    for (const event of [connected, data, unknown, { ...data, expedited: true }]) {
      sink.event(event)
      lengths.push(readFileSync(file).length)
    }
    sink.close()
    sink.close()
    sink.event(data)
    lengths.push(readFileSync(file).length)
    const opened = 24 + 3 * (16 + 40) + 2 * (16 + 40 + 14)
    const sent = opened + 16 + 40 + 8
    expect(lengths).toEqual([opened, sent, sent, sent + 16 + 40 + 8, sent + 16 + 40 + 8])
    expect(toHex(readFileSync(file).subarray(-8))).toBe('0300000802108041')
  })

  it('stops at maxLength with whole packets, and has a bound by itself', () => {
    const file = newFile()
    const sink = pcap(file, { maxLength: 5000 })
    sink.event({ type: 'connected', connection: 1, at: 0, role: 'initiator', remote: '' })
    for (let at = 0; at < 100; at++) {
      sink.event({
        type: 'data',
        connection: 1,
        at,
        direction: 'sent',
        tsdu: new Uint8Array(100),
        expedited: false,
      })
    }
    sink.close()
    const octets = readFileSync(file)
    expect(octets.length).toBeLessThanOrEqual(5000)
    expect(tpdusOf(streamsOf(octets).get('192.0.2.1:49153')).length).toBeGreaterThan(20)
    expect(tcpLimits.pcapOctets).toBe(2 ** 30)
  })

  it('throws when the file cannot be opened', () => {
    expect(() => pcap(join(folder, 'no', 'such', 'folder.pcap'))).toThrow('ENOENT')
  })
})

describe.runIf(hasTshark())('tshark', () => {
  it('shows the session PDUs in order, none malformed, every checksum right', async () => {
    const file = newFile()
    const long = new Uint8Array([...hex(vectors.DT), ...new Uint8Array(100_000)])
    await capture(file, async (a, b) => {
      for (const [by, vector] of DIALOGUE) {
        const [from, to] = by === 'initiator' ? [a, b] : [b, a]
        const before = to.received.length
        from.connection.send([hex(vectors[vector])])
        await to.count(before + 1)
      }
      b.connection.send([long])
      await a.until(() => a.received.at(-1)?.length === long.length)
    })
    const packets = tshark(file, ['ses.type', '_ws.malformed', 'tcp.analysis.flags', ...CHECKSUMS])
    const types = packets.map(([type = '']) => type).filter((type) => type !== '')
    expect(types).toEqual([...DIALOGUE.map(([, , shown]) => shown), '1,1'])
    expect(packets.filter(([, malformed, analysis]) => malformed !== '' || analysis !== '')).toEqual([])
    expect(packets.filter((fields) => fields[3] !== '1' || fields[4] !== '1')).toEqual([])
  }, 30_000)
})

/** 1: good. */
const CHECKSUMS = ['ip.checksum.status', 'tcp.checksum.status']

/** A conversation whose initiator is tapped into the file. */
async function capture(file: string, body: (a: Recorder, b: Recorder) => Promise<void>): Promise<void> {
  const transport = memory()
  const sink = pcap(file)
  let b: Recorder | undefined
  const listening = await transport.listen((connection) => {
    b = new Recorder(connection).start()
  })
  const a = new Recorder(await tap(transport, sink).connect()).start()
  if (b === undefined) throw new Error('nothing was accepted')
  await body(a, b)
  a.connection.close()
  await a.ended()
  await b.ended()
  await listening.close()
  sink.close()
}

/** Reads a capture: each side's octets, checking lengths, checksums and sequence numbers on the way. */
function streamsOf(file: Buffer): Map<string, Buffer> {
  expect(file.subarray(0, 24).toString('hex')).toBe('d4c3b2a1020004000000000000000000ffff000065000000')
  const streams = new Map<string, Buffer>()
  const expected = new Map<string, number>()
  for (let at = 24; at < file.length;) {
    const length = file.readUInt32LE(at + 8)
    const packet = file.subarray(at + 16, at + 16 + length)
    at += 16 + length
    expect(packet.readUInt16BE(2)).toBe(length)
    const pseudo = Buffer.concat([packet.subarray(12, 20), Buffer.from([0, 6, 0, 0]), packet.subarray(20)])
    pseudo.writeUInt16BE(length - 20, 10)
    expect([sum(packet.subarray(0, 20)), sum(pseudo)]).toEqual([0xffff, 0xffff])
    const side = `${packet.subarray(12, 16).join('.')}:${packet.readUInt16BE(20)}`
    const sequence = packet.readUInt32BE(24)
    expect(sequence).toBe(expected.get(side) ?? 0)
    const data = packet.subarray(40)
    const phantom = ((packet[33] ?? 0) & 0x03) === 0 ? 0 : 1
    expected.set(side, sequence + data.length + phantom)
    streams.set(side, Buffer.concat([streams.get(side) ?? Buffer.alloc(0), data]))
  }
  return streams
}

function sum(octets: Uint8Array): number {
  let total = 0
  for (let at = 0; at < octets.length; at += 2) total += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16)
  return total
}

function tpdusOf(stream: Buffer = Buffer.alloc(0)): string[] {
  const tpdus: string[] = []
  for (let at = 0; at < stream.length; at += stream.readUInt16BE(at + 2)) {
    tpdus.push(toHex(stream.subarray(at + 4, at + stream.readUInt16BE(at + 2))))
  }
  return tpdus
}

function dts(tsdus: readonly Uint8Array[]): string[] {
  return tsdus.flatMap((tsdu) => {
    const parts: string[] = []
    for (let at = 0; at < tsdu.length; at += 8189) {
      parts.push(`02f0${at + 8189 < tsdu.length ? '00' : '80'}${toHex(tsdu.subarray(at, at + 8189))}`)
    }
    return parts
  })
}

function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The fields of each packet. The user data of the vectors is no presentation PDU. */
function tshark(file: string, fields: readonly string[]): string[][] {
  const preferences = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE']
  const shown = fields.flatMap((field) => ['-e', field])
  const output = execFileSync(
    'tshark',
    ['-r', file, ...preferences, '--disable-protocol', 'pres', '-T', 'fields', ...shown],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const lines = output.toString().split('\n').slice(0, -1)
  return lines.map((line) => line.split('\t'))
}
