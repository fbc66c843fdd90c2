// Octets as text.

import { expect, it } from 'vitest'

import { hexOf } from '../src/index.ts'

it('writes octets so that no two are the same', () => {
  expect(hexOf(Uint8Array.of(0, 1, 255))).toBe('0001ff')
  expect(hexOf(new Uint8Array(0))).toBe('')
})
