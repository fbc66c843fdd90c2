// Finds text in the files below a directory, one match at a time: nothing is read ahead of what is asked for.
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Match } from './contract.ts'
import { openPlace, type Directory } from './directory.ts'
import { limits } from './limits.ts'

/**
 * The lines below `start`, a real path inside `directory`, that contain `text`. Symbolic links, hidden
 * directories and `node_modules` are not entered; what cannot be read is left out. Ends early when `signal`
 * aborts.
 */
export async function* findText(
  directory: Directory,
  text: string,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<Match> {
  for await (const place of filesBelow(start)) {
    // A generator is not woken by a cancel between two matches, and the next match may be far away.
    if (signal.aborted) return
    const content = await readText(place, text)
    if (content !== undefined) yield* matches(directory.nameOf(place), content, text)
  }
}

/** The files below a real path, in the order of names; the path itself when it is a file. No recursion. */
async function* filesBelow(start: string): AsyncGenerator<string> {
  const waiting = [{ place: start, isDirectory: (await lstat(start)).isDirectory() }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { place, isDirectory } = next
    if (!isDirectory) {
      yield place
      continue
    }
    const entries = await readdir(place, { withFileTypes: true }).catch(() => [])
    const wanted = entries.filter(
      (entry) => entry.isFile() || (entry.isDirectory() && isSearched(entry.name)),
    )
    wanted.sort((a, b) => (a.name < b.name ? 1 : -1))
    for (const entry of wanted)
      waiting.push({ place: join(place, entry.name), isDirectory: entry.isDirectory() })
  }
}

function isSearched(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules'
}

/** The content of a text file that contains `text` somewhere; undefined for every other. */
async function readText(place: string, text: string): Promise<string | undefined> {
  const file = await openPlace(place).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    if ((await file.stat()).size > limits.searchedFile) return undefined
    const octets = await file.readFile()
    return octets.includes(0) || !octets.includes(text) ? undefined : octets.toString('utf8')
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}

function* matches(path: string, content: string, text: string): Generator<Match> {
  let line = 0
  for (const whole of content.split('\n')) {
    line += 1
    if (whole.includes(text)) yield { path, line, text: whole.trim().slice(0, limits.matchText) }
  }
}
