// Every procedure as a transcript in test/transcripts: the scripts are run and what happens must be what
// stands there. UPDATE=1 writes what happens now; then the difference is to be reviewed like code.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { runTranscript } from './support/transcript.ts'

const folder = new URL('../transcripts/', import.meta.url)
const update = process.env['UPDATE'] === '1'

describe('transcripts', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
    it(name.replace('.txt', ''), () => {
      const path = new URL(name, folder)
      const text = readFileSync(path, 'utf8')
      const now = runTranscript(text)
      if (update) writeFileSync(path, now)
      else expect(now).toBe(text)
    })
  }
})
