// Holds the tidy rules against the repository, and each rule against the tiny tree that breaks it.
import { describe, expect, it } from 'vitest'
import { tidyRules } from './tidy/rules.ts'
import { readTree } from './tidy/tree.ts'

describe('the repository is tidy', () => {
  const tree = readTree()
  it.each(tidyRules)('$says', ({ find }) => {
    expect(find(tree)).toEqual([])
  })
})

describe('each tidy rule can fail', () => {
  it.each(tidyRules)('$says', ({ find, broken }) => {
    expect(find(broken)).toHaveLength(1)
  })
})
