// Every procedure as a transcript in test/transcripts: the scripts are run and what happens must be what
// stands there. UPDATE=1 writes what happens now; then the difference is to be reviewed like code.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { spduTable } from '../../src/spdu/index.ts'
import { runTranscript } from './support/transcript.ts'

const folder = new URL('../transcripts/', import.meta.url)
const update = process.env['UPDATE'] === '1'

const names = readdirSync(folder).filter((file) => file.endsWith('.txt'))

describe('transcripts', () => {
  for (const name of names) {
    it(name.replace('.txt', ''), () => {
      const path = new URL(name, folder)
      const text = readFileSync(path, 'utf8')
      const now = runTranscript(text)
      if (update) writeFileSync(path, now)
      else expect(now).toBe(text)
    })
  }

  it('send every SPDU there is but ER, which this side never sends, and receive that too', () => {
    const lines = names.flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'))
    const sent = new Set(
      lines.flatMap((line) => /^[AB]? .* send (?:expedited )?(.*)$/.exec(line)?.[1]?.split(' · ') ?? []),
    )
    const types = new Set([...sent].flatMap((spdu) => (spdu.split(' ')[0] ?? '').split('/')))
    expect([...types].toSorted()).toEqual(
      Object.keys(spduTable)
        .filter((type) => type !== 'ER')
        .toSorted(),
    )
    expect(lines.some((line) => /^[AB] PT\+ER /.test(line))).toBe(true)
  })
})
