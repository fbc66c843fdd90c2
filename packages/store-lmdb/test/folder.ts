// A temporary folder for the files of one test file, and stores in it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'parley-lmdb-'))
let files = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A path that no other test has. */
export function freshPath(): string {
  return join(folder, `store-${files++}.mdb`)
}
