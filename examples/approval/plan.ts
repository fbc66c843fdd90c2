// What the agent would delete in a directory, and why. Looks at regular files only, follows no link, and
// deletes a file only if it is still as it was when it was planned.
import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** One deletion that would make sense. */
export interface Planned {
  /** Below the directory. */
  readonly path: string
  readonly size: number
  readonly why: string
  /** When it was changed last, in milliseconds since 1970. */
  readonly changed: number
}

/** At most so many files are looked at: a plan is for people. */
const MOST_FILES = 1000
/** Longer files are not compared, in octets. */
const LONGEST_COMPARED = 8 * 1024 * 1024

/** The deletions that would make sense in `root`, in the order of their paths. Stops when `signal` aborts. */
export async function planDeletions(root: string, signal: { readonly aborted: boolean }): Promise<Planned[]> {
  const seen = new Map<string, string>()
  const planned: Planned[] = []
  for (const path of await filesIn(root)) {
    if (signal.aborted) break
    const { size, mtimeMs: changed } = await lstat(join(root, path))
    const why = reasonByName(path) ?? (size === 0 ? 'it is empty' : await sameAs(root, path, size, seen))
    if (why !== undefined) planned.push({ path, size, why, changed })
  }
  return planned
}

/** Deletes a planned file; false when it is not what it was, or cannot be deleted. */
export async function deletePlanned(root: string, { path, size, changed }: Planned): Promise<boolean> {
  const place = join(root, path)
  try {
    const now = await lstat(place)
    if (!now.isFile() || now.size !== size || now.mtimeMs !== changed) return false
    await unlink(place)
    return true
  } catch {
    return false
  }
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    .sort()
    .slice(0, MOST_FILES)
}

function reasonByName(path: string): string | undefined {
  if (/(\.bak|~)$/.test(path)) return 'it is a backup'
  return path.endsWith('.tmp') ? 'it is a temporary file' : undefined
}

/** The first file of each content stays. */
async function sameAs(
  root: string,
  path: string,
  size: number,
  seen: Map<string, string>,
): Promise<string | undefined> {
  if (size > LONGEST_COMPARED) return undefined
  const hash = createHash('sha256')
    .update(await readFile(join(root, path)))
    .digest('hex')
  const first = seen.get(hash)
  if (first !== undefined) return `it is the same as ${first}`
  seen.set(hash, path)
  return undefined
}
