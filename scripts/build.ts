// Builds what is published: the declarations of every package file for file, and the JavaScript behind its
// exports bundled, for small files are pleasant to read and slow to load. The source maps lead back to them.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { build } from 'vite'
import { type Manifest, type Package, publishedPackages, rootFolder } from './workspace.ts'

/** The layers of core that are large, from below: who needs an error or a type of it does not need them. */
const heavyLayers = ['spdu', 'machine', 'connection', 'session']

const packages = publishedPackages()
// What is left of files that are no more would be published.
for (const { folder } of packages) rmSync(join(rootFolder, folder, 'dist'), { recursive: true, force: true })
declare(packages)
for (const each of packages) await bundle(each)

function declare(all: readonly Package[]): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const args = [tsc, '-b', '--force', ...all.map(({ folder }) => folder)]
  const { status, error } = spawnSync(process.execPath, args, { cwd: rootFolder, stdio: 'inherit' })
  if (status !== 0) throw new Error(`The declarations could not be built: ${error?.message ?? 'see above'}`)
}

async function bundle({ folder, manifest }: Package): Promise<void> {
  const doors = doorsOf(join(rootFolder, folder), manifest)
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'es2022',
      outDir: join(rootFolder, folder, 'dist'),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: doors,
        // A door shows what its source exports, and nothing that another chunk needs of it.
        preserveEntrySignatures: 'strict',
        // Another package stays an import.
        external: (id) => !id.startsWith('.') && !isAbsolute(id),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'shared/[name].js',
          // A `const` stays one, and V8 folds it.
          topLevelVar: false,
          comments: { legal: true, annotation: true, jsdoc: false },
          sourcemapExcludeSources: true,
          // A bundler leaves out whole files of what is not used.
          codeSplitting: { groups: heavyLayers.map(groupOf) },
        },
      },
    },
  })
}

/** The source of each export, by where it is published without the ending. */
function doorsOf(folder: string, { exports }: Manifest): Record<string, string> {
  const each = Object.values(exports).map((door): [string, string] => [
    (door['default'] ?? '').replace(/^\.\/dist\/(.*)\.js$/, '$1'),
    join(folder, door['@parley/source'] ?? ''),
  ])
  return Object.fromEntries(each)
}

/** A file of its own for a layer; those before it are not pulled into it. */
function groupOf(layer: string, place: number): { name: string; test: RegExp; priority: number } {
  return { name: layer, test: new RegExp(`/core/src/${layer}/`), priority: heavyLayers.length - place }
}
