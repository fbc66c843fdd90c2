// TPKTs and DTs out of any cutting of the stream, and every way in which they can be wrong.
import { seeded } from '@parley/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeTpdu } from '../src/cotp.ts'
import { type FrameSink, TsduReader } from '../src/framing.ts'
import { putTogether } from '../src/give-back.ts'
import { tcpLimits } from '../src/index.ts'
import { cr, dt, hex, toHex, tpkt } from './raw.ts'

/** What a reader said, one line each; reading stops after each TSDU if told so. */
class Sink implements FrameSink {
  receiving = true
  maxTsduLength = 1000
  readonly said: string[] = []
  stops = false

  tsdu(octets: Uint8Array): void {
    this.said.push(`tsdu ${Buffer.from(octets).toString()}`)
    if (this.stops) this.receiving = false
  }

  control(tpdu: Uint8Array): void {
    this.said.push(`control ${toHex(tpdu)}`)
  }

  garbled(what: string): void {
    this.said.push(`garbled ${what}`)
    this.receiving = false
  }
}

function reading(chunks: Iterable<Uint8Array>, sink: Sink = new Sink()): string[] {
  const reader = new TsduReader(sink, tcpLimits.tpduOctets)
  reader.connected = true
  for (const chunk of chunks) {
    if (!sink.receiving) break
    reader.read(chunk)
  }
  return sink.said
}

/** Cuts the octets after those whose bit is set. */
function* cutBy(octets: Uint8Array, bits: number): Iterable<Uint8Array> {
  let from = 0
  for (let at = 1; at < octets.length; at++) {
    if (((bits >> (at - 1)) & 1) === 0) continue
    yield octets.slice(from, at)
    from = at
  }
  yield octets.slice(from)
}

/** Copies, since a chunk is the reader's. */
function* repeated(octets: Uint8Array, times: number): Iterable<Uint8Array> {
  for (let time = 0; time < times; time++) yield octets.slice()
}

function* inTurn(...all: Iterable<Uint8Array>[]): Iterable<Uint8Array> {
  for (const chunks of all) yield* chunks
}

/** One DT, or two. */
function inParts(text: string, cut: number): Uint8Array[] {
  return cut === 0 ? [dt(text)] : [dt(text.slice(0, cut), false), dt(text.slice(cut))]
}

beforeAll(() => {
  // What is given back at once is so only in a process that receives much in large TSDUs.
  putTogether(tcpLimits.givenBackLead)
})

describe('reading, however the stream is cut', () => {
  it('finds the same in every cutting of a short exchange', () => {
    const octets = Buffer.concat([dt('a', false), dt('b')])
    const found = new Set<string>()
    for (let bits = 0; bits < 2 ** (octets.length - 1); bits++) found.add(reading(cutBy(octets, bits)).join())
    expect([...found]).toEqual(['tsdu ab'])
  })

  it('finds the same at every one and every two cuts of an exchange of all kinds', () => {
    const octets = Buffer.concat([
      dt('hello'),
      tpkt('06800001000080'),
      dt('one', false),
      dt('', false),
      dt('two'),
      dt('x'),
    ])
    const said = ['tsdu hello', 'control 06800001000080', 'tsdu onetwo', 'tsdu x']
    const found = new Set<string>()
    for (let first = 1; first < octets.length; first++) {
      for (let second = first; second < octets.length; second++) {
        const chunks = [octets.slice(0, first), octets.slice(first, second), octets.slice(second)]
        found.add(reading(chunks).join())
      }
    }
    expect([...found]).toEqual([said.join()])
  })

  it('finds the same in random cuttings of long TSDUs', () => {
    const random = seeded(11)
    for (let run = 0; run < 50; run++) {
      const texts = Array.from({ length: 20 }, () => 'x'.repeat(1 + random.below(300)))
      const octets = Buffer.concat(texts.flatMap((text) => inParts(text, random.below(text.length))))
      const chunks: Uint8Array[] = []
      for (let at = 0; at < octets.length;) {
        const end = at + 1 + random.below(random.pick([2, 20, 2000]))
        chunks.push(octets.slice(at, end))
        at = end
      }
      expect(reading(chunks)).toEqual(texts.map((text) => `tsdu ${text}`))
    }
  })

  it('stops where the sink stops and goes on from there', () => {
    const octets = Buffer.concat([dt('a'), dt('b', false), dt('c'), dt('d'), dt('e')])
    const sink = new Sink()
    sink.stops = true
    const reader = new TsduReader(sink, tcpLimits.tpduOctets)
    reader.connected = true
    let rest: Uint8Array | undefined = octets
    for (const expected of [['tsdu a'], ['tsdu bc'], ['tsdu d'], ['tsdu e']]) {
      sink.receiving = true
      rest = rest === undefined ? undefined : reader.read(rest)
      expect(sink.said.splice(0)).toEqual(expected)
    }
    expect(rest).toBeUndefined()
    expect(reader.inside).toBe(false)
  })

  it('hands a TSDU within one chunk over without a copy', () => {
    const chunk = Buffer.from(dt('hello'))
    const given: Uint8Array[] = []
    const sink = Object.assign(new Sink(), { tsdu: (octets: Uint8Array) => given.push(octets) })
    reading([chunk], sink)
    expect(given[0]?.buffer).toBe(chunk.buffer)
    expect(Object.getPrototypeOf(given[0])).toBe(Uint8Array.prototype)
  })

  it('gives back a chunk of which all was copied to TSDUs of several DTs, and no other', () => {
    const piece = 'x'.repeat(tcpLimits.givenBackOctets)
    const sink = Object.assign(new Sink(), { maxTsduLength: tcpLimits.tsduOctets })
    const reader = new TsduReader(sink, tcpLimits.tpduOctets)
    reader.connected = true
    const several = [dt(piece, false), dt(piece)]
    const single = dt(piece + piece)
    const givenBack = (...parts: readonly Uint8Array[]): boolean => {
      const chunk = Buffer.concat(parts)
      reader.read(chunk)
      return chunk.length === 0
    }
    expect(givenBack(...several)).toBe(true)
    expect(givenBack(...several, dt('y'))).toBe(false)
    expect(givenBack(...several, single.subarray(0, 3))).toBe(true)
    expect(givenBack(single.subarray(3, 20_000))).toBe(false)
    expect(givenBack(single.subarray(20_000), ...several)).toBe(false)
    const shared = Buffer.concat(several)
    reader.read(shared, true)
    expect(shared.length).toBeGreaterThan(0)
    sink.stops = true
    expect(givenBack(...several, ...several)).toBe(false)
  })

  it('holds a TSDU of many pieces in twice its memory at most, and none of the pieces', () => {
    const given: Uint8Array[] = []
    const tsdu = (octets: Uint8Array): unknown => given.push(octets)
    const sink = Object.assign(new Sink(), { maxTsduLength: tcpLimits.tsduOctets, tsdu })
    const before = process.memoryUsage().arrayBuffers
    reading(inTurn(repeated(dt('x'.repeat(60_000), false), 70), [dt('x')]), sink)
    const held = process.memoryUsage().arrayBuffers - before
    expect(given.map(({ length }) => length)).toEqual([70 * 60_000 + 1])
    // Room grows by doubling.
    expect(held).toBeLessThan(2.1 * 70 * 60_000)
  })

  it('ignores the reserved octet of a TPKT and the number of a DT', () => {
    expect(reading([hex('03 ff 0008 02 f0 ff 61')])).toEqual(['tsdu a'])
  })
})

describe('what cannot be', () => {
  it.each<[octets: string, said: string]>([
    ['04 00 0008 02f08061', 'garbled no TPKT but 0x04000008'],
    ['00 00 0000 00000000', 'garbled no TPKT but 0x00000000'],
    ['ff', 'garbled no TPKT but 0xff'],
    ['03 00 0000 02f08061', 'garbled a TPKT of length 0, 7 to 65535 are accepted'],
    ['03 00 0004', 'garbled a TPKT of length 4, 7 to 65535 are accepted'],
    ['03 00 0006 02f0', 'garbled a TPKT of length 6, 7 to 65535 are accepted'],
    ['03 00 0201 04f00001 80', 'garbled a TPKT of 513 octets that holds no data'],
    ['03 00 ffff 0010ff', 'garbled a TPKT of 65535 octets that holds no data'],
  ])('%s', (text, said) => {
    const octets = hex(text)
    expect(reading([octets])).toEqual([said])
    expect(reading(cutBy(octets, -1)).length).toBe(1)
  })

  it.each<[octets: string, said: string]>([
    ['GET / HTTP/1.1\r\n', 'an HTTP request'],
    ['POST /rpc HTTP/1.1\r\n', 'an HTTP request'],
    ['HTTP/1.1 400 Bad Request\r\n', 'an HTTP response'],
    ['HTT', 'an HTTP response'],
    ['PRI * HTTP/2.0\r\n', 'an HTTP/2 preface'],
    ['404 page not found', 'no TPKT but 0x34303420'],
    ['\x16\x03\x01\x02\0\x01', 'a TLS handshake'],
    ['\x15\x03\x03\0\x02\x02\x46', 'a TLS alert'],
    ['SSH-2.0-OpenSSH', 'an SSH greeting'],
    ['\x1b[31mred', 'no TPKT but 0x1b5b3331'],
  ])('%j is told in words', (octets, said) => {
    expect(reading([Buffer.from(octets, 'latin1')])).toEqual([`garbled ${said}`])
  })

  it('a TSDU above maxTsduLength ends it at the header, whole or in parts, before it is buffered', () => {
    const sink = Object.assign(new Sink(), { maxTsduLength: 10 })
    expect(reading([dt('0123456789'), dt('0123456789x')], sink)).toEqual([
      'tsdu 0123456789',
      'garbled a TSDU of 11 octets or more, 10 are accepted',
    ])
    const parts = Object.assign(new Sink(), { maxTsduLength: 10 })
    expect(reading([dt('01234567', false), dt('89x').subarray(0, 7)], parts)).toEqual([
      'garbled a TSDU of 11 octets or more, 10 are accepted',
    ])
  })

  it('a peer can make us hold no more than maxTsduLength', () => {
    const part = dt('x'.repeat(60_000), false)
    const sink = Object.assign(new Sink(), { maxTsduLength: 1_000_000 })
    const before = process.memoryUsage().arrayBuffers
    expect(reading(repeated(part, 1000), sink)).toEqual([
      'garbled a TSDU of 1020000 octets or more, 1000000 are accepted',
    ])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
  })

  it(`more than ${tcpLimits.emptyTpdus} emptyTpdus in a row end it, with and without EOT`, () => {
    const { emptyTpdus } = tcpLimits
    for (const last of [true, false]) {
      const some = Array.from({ length: emptyTpdus }, () => dt('', last))
      expect(reading([...some, dt('a'), ...some, dt('b')])).toEqual(['tsdu a', 'tsdu b'])
      expect(reading([...some, dt('c', false), ...some.map(() => dt('', false)), dt('d')])).toEqual([
        'tsdu cd',
      ])
      expect(reading([...some, dt('', last)])).toEqual([`garbled ${emptyTpdus + 1} TPDUs without data`])
    }
  })

  it('a DT before the connection is open is no data', () => {
    const sink = new Sink()
    new TsduReader(sink, tcpLimits.tpduOctets).read(dt('hello'))
    expect(sink.said).toEqual(['control 02f08068656c6c6f'])
  })

  it('a TPDU above our own maximum ends it', () => {
    const sink = new Sink()
    const reader = new TsduReader(sink, 2048)
    reader.connected = true
    reader.read(hex('03 00 0805 02f080'))
    expect(sink.said).toEqual(['garbled a TPKT of length 2053, 7 to 2052 are accepted'])
  })

  it(`a TPKT without data of controlOctets (${tcpLimits.controlOctets}) is read, cut or whole`, () => {
    const whole = tpkt(`06e0${'00'.repeat(tcpLimits.controlOctets - 6)}`)
    expect(whole.length).toBe(tcpLimits.controlOctets)
    for (const chunks of [[whole], [whole.subarray(0, 9), whole.subarray(9)]]) {
      expect(reading(chunks)).toEqual([`control ${toHex(whole.subarray(4))}`])
    }
  })

  it('nothing that a peer sends makes the reader or the decoder throw', () => {
    const random = seeded(21)
    const good = [dt('hello'), dt('part', false), tpkt('06800001000080'), tpkt('0470000102'), cr(), dt('')]
    let ended = 0
    for (let run = 0; run < 20_000; run++) {
      const octets = Buffer.concat(Array.from({ length: 1 + random.below(4) }, () => random.pick(good)))
      for (let change = random.below(4); change > 0; change--)
        octets[random.below(octets.length)] = random.below(256)
      const cut = random.below(octets.length)
      const sink = Object.assign(new Sink(), { control: (tpdu: Uint8Array) => void decodeTpdu(tpdu) })
      const said = reading([octets.subarray(0, cut), octets.subarray(cut)], sink)
      if (said.at(-1)?.startsWith('garbled') === true) ended++
    }
    expect(ended).toBeGreaterThan(1000)
    expect(ended).toBeLessThan(19_000)
  })
})
