// Where things are in this repository, for the scripts and the tests of the whole. Reads only.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder, absolute. */
export const rootFolder: string = fileURLToPath(new URL('..', import.meta.url))

/** What is read of a package.json here. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** One package that is published. */
export interface Package {
  /** Relative to the root: `packages/core`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** The packages that are published, in the order of their folders' names. */
export function publishedPackages(): Package[] {
  const names = readdirSync(join(rootFolder, 'packages')).sort()
  return names.map((name) => {
    const folder = `packages/${name}`
    const text = readFileSync(join(rootFolder, folder, 'package.json'), 'utf8')
    return { folder, manifest: JSON.parse(text) as Manifest }
  })
}

/** A tool that a package of the root's devDependencies brings. */
export function toolPath(tool: string): string {
  return join(rootFolder, 'node_modules', '.bin', tool)
}
