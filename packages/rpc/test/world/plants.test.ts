// The mistakes that are planted still fit the sources: whoever changes a source hears at once which of them
// have lost their place, and not when they are planted the next time.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { activityMistakes } from './plants-activities.ts'
import { recordMistakes } from './plants-records.ts'
import { sessionMistakes } from './plants-sessions.ts'
import { tellingMistakes } from './plants-telling.ts'

const packages = new URL('../../../', import.meta.url)

test('the place of each planted mistake stands in its source once', () => {
  const plants = [...recordMistakes, ...tellingMistakes, ...sessionMistakes, ...activityMistakes]
  const edits = plants.flatMap((plant) => plant.edits)
  const misplaced = edits.filter(({ file, find }) => {
    const source = readFileSync(new URL(file, packages), 'utf8')
    return source.split(find).length !== 2
  })
  expect(misplaced).toEqual([])
})
