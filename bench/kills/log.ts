// Lines of JSON in a file that outlives its writer: each is handed to the operating system before the writer
// goes on, so that a process that is killed has said all that it did.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Kind } from './contract.ts'

/** What a client says: that it was started, what it asks, and what it is told. */
export type Line =
  | readonly ['start']
  | readonly ['ask', id: string, kind: Kind]
  | readonly ['ok', id: string, mark: string]
  | readonly ['error', id: string, code: string, outcome: string, detail: string]
  | readonly ['outcome', id: string, state: string, mark: string]

/** What a node says: a call has taken effect, under this mark and key. */
export type Effect = readonly [id: string, mark: string, key: string]

/** Appends a line. */
export function append(file: string, line: Line | Effect): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}

/** The lines of a file. One that its writer was killed at is nothing that it has said. */
export function readLines<L extends Line | Effect>(file: string): L[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as L]
      } catch {
        return []
      }
    })
}
