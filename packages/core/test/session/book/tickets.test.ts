// Tickets: which one is good when, whatever gets lost on the way.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../../src/index.ts'
import { Tickets } from '../../../src/session/book/tickets.ts'

function hash(number: number): Uint8Array {
  return new Uint8Array(32).fill(number)
}

function tickets(): Tickets {
  const book = new Tickets(coreLimits.deadTickets)
  book.begin(hash(1))
  return book
}

describe('tickets', () => {
  it('let nobody in before they begin', () => {
    const book = new Tickets(coreLimits.deadTickets)
    expect(book.check(hash(1), 1)).toBe('wrong')
    book.begin(hash(1))
    expect(book.check(hash(1), 1)).toBe('valid')
  })

  it('lets in who has the ticket, once for each attempt', () => {
    const book = tickets()
    expect([book.check(hash(1), 1), book.check(hash(2), 1), book.check(hash(0), 1)]).toEqual([
      'valid',
      'wrong',
      'wrong',
    ])
    book.replace(hash(1), hash(2), 1)
    // The same CONNECT again, and one that was overtaken.
    expect([book.check(hash(1), 1), book.check(hash(1), 0), book.check(hash(2), 1)]).toEqual([
      'stale',
      'stale',
      'stale',
    ])
  })

  it('does not lock out one whose ACCEPT was lost', () => {
    const book = tickets()
    book.replace(hash(1), hash(2), 1)
    expect(book.check(hash(1), 2)).toBe('valid')
    book.replace(hash(1), hash(3), 2)
    expect([book.check(hash(1), 3), book.check(hash(3), 3), book.check(hash(2), 3)]).toEqual([
      'valid',
      'valid',
      'wrong',
    ])
  })

  it('takes the new ticket for proven by its use, and the old one for dead', () => {
    const book = tickets()
    book.replace(hash(1), hash(2), 1)
    book.replace(hash(2), hash(3), 2)
    expect([book.check(hash(1), 3), book.check(hash(2), 3), book.check(hash(3), 3)]).toEqual([
      'reused',
      'valid',
      'valid',
    ])
  })

  it('takes it for proven by what is sent after it, too', () => {
    const book = tickets()
    book.replace(hash(1), hash(2), 1)
    book.proven()
    book.proven()
    expect([book.check(hash(1), 2), book.check(hash(2), 2)]).toEqual(['reused', 'valid'])
  })

  it('takes a late CONNECT with a dead ticket for what it is', () => {
    const book = tickets()
    book.replace(hash(1), hash(2), 7)
    book.proven()
    expect([book.check(hash(1), 6), book.check(hash(1), 7), book.check(hash(1), 8)]).toEqual([
      'stale',
      'stale',
      'reused',
    ])
  })

  it('remembers the last deadTickets dead ones', () => {
    const book = tickets()
    for (let attempt = 1; attempt <= coreLimits.deadTickets + 1; attempt++) {
      book.replace(hash(attempt), hash(attempt + 1), attempt)
      book.proven()
    }
    expect(book.check(hash(1), 100)).toBe('wrong')
    expect(book.check(hash(2), 100)).toBe('reused')
  })

  it('compares every octet, and what is too short or too long with nothing', () => {
    const book = tickets()
    for (let at = 0; at < 32; at++) {
      const other = hash(1)
      other[at] = 0
      expect(book.check(other, 1)).toBe('wrong')
    }
    expect(book.check(new Uint8Array(31).fill(1), 1)).toBe('wrong')
    expect(book.check(new Uint8Array(33).fill(1), 1)).toBe('wrong')
  })
})
