// What the ends of a session say to each other, as octets.

import { describe, expect, it } from 'vitest'

import * as envelope from '../../../src/session/book/envelope.ts'

const userData = Uint8Array.of(7, 8, 9)
const ticket = Uint8Array.from({ length: 32 }, (_, i) => i)

const greetings: envelope.Greeting[] = [
  { silence: 2_500, resume: undefined, userData },
  {
    silence: 2 ** 32 - 1,
    resume: { ticket, received: Number.MAX_SAFE_INTEGER },
    userData: new Uint8Array(0),
  },
]
const welcome: envelope.Welcome = {
  silence: 250,
  timeToLive: 300_000,
  ticket,
  received: 2 ** 40 + 3,
  userData,
}

describe('envelopes', () => {
  it('are read as they were written', () => {
    for (const greeting of greetings) {
      expect(envelope.decodeGreeting(envelope.encodeGreeting(greeting))).toEqual(greeting)
    }
    expect(envelope.decodeWelcome(envelope.encodeWelcome(welcome))).toEqual(welcome)
    for (const reason of Object.values(envelope.why)) {
      expect(envelope.decodeReason(envelope.encodeReason(reason, userData))).toEqual({ reason, userData })
    }
    for (const about of ['ask', 'agree', 'decline'] as const) {
      const word = { about, number: 3_000_000_000, userData }
      expect(envelope.decodeWord(envelope.encodeWord(word))).toEqual(word)
    }
    expect(envelope.decodeNumber(envelope.encodeNumber(2 ** 32 - 1))).toBe(2 ** 32 - 1)
  })

  it('are not read when anything is missing, or of another version', () => {
    const samples: [Uint8Array, (octets: Uint8Array) => unknown, least: number][] = [
      [envelope.encodeGreeting({ silence: 1, resume: undefined, userData }), envelope.decodeGreeting, 8],
      [
        envelope.encodeGreeting({ silence: 1, resume: { ticket, received: 0 }, userData }),
        envelope.decodeGreeting,
        48,
      ],
      [envelope.encodeWelcome(welcome), envelope.decodeWelcome, 52],
      [envelope.encodeWord({ about: 'ask', number: 1, userData }), envelope.decodeWord, 8],
    ]
    for (const [octets, decode, least] of samples) {
      expect(octets.length).toBe(least + userData.length)
      for (let length = 0; length < least; length++)
        expect(decode(octets.subarray(0, length))).toBeUndefined()
      for (const at of [0, 1, 2, 3]) expect(decode(octets.with(at, 99))).toBeUndefined()
    }
    expect([envelope.decodeGreeting(undefined), envelope.decodeWelcome(undefined)]).toEqual([
      undefined,
      undefined,
    ])
    expect(envelope.decodeNumber(Uint8Array.of(1, 2, 3))).toBeUndefined()
  })

  it('hold no position beyond 2^53 - 1', () => {
    const octets = envelope.encodeWelcome({ ...welcome, userData: new Uint8Array(0) })
    expect(
      envelope.decodeWelcome(octets.with(octets.length - 8, 0x00).with(octets.length - 7, 0x20)),
    ).toBeUndefined()
    expect(envelope.decodeWelcome(octets.with(octets.length - 8, 255))).toBeUndefined()
  })

  it('hold times of 49 days at most, and those for ever', () => {
    const read = envelope.decodeWelcome(
      envelope.encodeWelcome({ ...welcome, silence: 1e12, timeToLive: Infinity }),
    )
    expect([read?.silence, read?.timeToLive]).toEqual([2 ** 32 - 1, 2 ** 32 - 1])
  })

  it('of a reason take what is not ours for the words of a user', () => {
    expect(envelope.decodeReason(userData)).toEqual({ reason: envelope.why.user, userData })
    expect(envelope.decodeReason(undefined)).toEqual({
      reason: envelope.why.user,
      userData: new Uint8Array(0),
    })
  })

  it('share no memory with what they are read from', () => {
    const octets = envelope.encodeWelcome(welcome)
    const read = envelope.decodeWelcome(octets)
    octets.fill(0)
    expect(read).toEqual(welcome)
  })
})
