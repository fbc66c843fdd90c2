// The memory that small units are kept in.

import { expect, it } from 'vitest'

import { coreLimits } from '../../../src/limits.ts'
import { returnPage, takePage } from '../../../src/session/book/pages.ts'

const { pageOctets, sparePages } = coreLimits

it('uses pages of pageOctets again, at most sparePages of them', () => {
  const pages = Array.from({ length: sparePages + 5 }, () => takePage(pageOctets))
  for (const page of pages) {
    page.end = 10
    returnPage(page)
  }
  const again = Array.from({ length: sparePages + 5 }, () => takePage(pageOctets))
  expect(again.filter((page) => pages.includes(page))).toHaveLength(sparePages)
  expect(again.every(({ end, units }) => end === 0 && units === 0)).toBe(true)
})

it('lets smaller ones go', () => {
  const page = takePage(2048)
  expect(page.bytes).toHaveLength(2048)
  returnPage(page)
  expect(takePage(2048)).not.toBe(page)
})
