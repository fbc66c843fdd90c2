// Builds what is published: the declarations of every package file for file, and the JavaScript behind each of
// its exports in one file, with what several of them share in another. Small files are pleasant to read and
// slow to load; the source maps lead back to them.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { build } from 'vite'
import { type Manifest, type Package, publishedPackages, rootFolder, toolPath } from './workspace.ts'

const packages = publishedPackages()
// What is left of files that are no more would be published.
for (const { folder } of packages) rmSync(join(rootFolder, folder, 'dist'), { recursive: true, force: true })
declare(packages)
for (const each of packages) await bundle(each)

function declare(all: readonly Package[]): void {
  const { status } = spawnSync(toolPath('tsc'), ['-b', '--force', ...all.map(({ folder }) => folder)], {
    cwd: rootFolder,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

async function bundle({ folder, manifest }: Package): Promise<void> {
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
        input: doors(join(rootFolder, folder), manifest),
        // Another package stays an import.
        external: (id) => !id.startsWith('.') && !isAbsolute(id),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'shared/[name].js',
          // A constant stays one, and V8 need not load it.
          topLevelVar: false,
          comments: { legal: true, annotation: true, jsdoc: false },
          sourcemapExcludeSources: true,
        },
      },
    },
  })
}

/** The source of each export, by where it is published without the ending. */
function doors(folder: string, { exports }: Manifest): Record<string, string> {
  const each = Object.values(exports).map((door): [string, string] => [
    (door['default'] ?? '').replace(/^\.\/dist\/(.*)\.js$/, '$1'),
    join(folder, door['@parley/source'] ?? ''),
  ])
  return Object.fromEntries(each)
}
